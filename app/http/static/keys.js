// Shortcuts: data-key="j" clicks a link or button, or enters a field; data-key="mod+Enter" is Ctrl
// or Command. Lines marked data-row are walked with j and k. "?" lists what a page has. Single keys
// rest while somebody types, and can be switched off for good (WCAG 2.1.4).
const OFF = "keys.off";
const list = document.getElementById("keys");
const toggle = list?.querySelector("[role=switch]");
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function isOff() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}
function pressed(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}
function isShown(element) {
  return element.offsetParent !== null || element.getClientRects().length > 0;
}
function holderOf(key) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isShown);
}
function act(element) {
  if (element.matches(TYPING)) element.focus();
  else element.click();
}
function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(isShown);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return false;
  (next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button"))?.focus();
  return true;
}
function nameOf(element) {
  return element.dataset.keyName || element.getAttribute("aria-label")
    || element.labels?.[0]?.textContent.trim() || element.textContent.trim();
}
function fillList() {
  const names = list.querySelector(".keys");
  names.replaceChildren();
  const lines = [...document.querySelectorAll("[data-key]")]
    .filter((element) => isShown(element) && !list.contains(element))
    .map((element) => [element.dataset.key, nameOf(element)]);
  if (document.querySelector("[data-row]")) {
    if (!holderOf("k")) lines.unshift(["k", names.dataset.previous]);
    if (!holderOf("j")) lines.unshift(["j", names.dataset.next]);
  }
  for (const [key, name] of lines) {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key.replace("mod+", navigator.platform.startsWith("Mac") ? "⌘ " : "Ctrl ");
    term.append(cap);
    const means = document.createElement("dd");
    means.textContent = name;
    names.append(term, means);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || list?.open) return;
  const key = pressed(event);
  const isSingle = !key.startsWith("mod+");
  if (isSingle && (isOff() || event.target.closest?.(TYPING))) return;
  const holder = holderOf(key);
  if (holder) act(holder);
  else if (!(key === "j" && walk(1)) && !(key === "k" && walk(-1))) return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-opens='keys']") && list) {
    fillList();
    list.showModal();
  }
});
for (const opener of document.querySelectorAll("[data-opens='keys']")) opener.hidden = false;
if (toggle) {
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => {
    try { localStorage.setItem(OFF, toggle.checked ? "0" : "1"); } catch { /* forbidden */ }
  });
}
