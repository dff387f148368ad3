// The desk: canned replies by "/", drafts put into the box, and the seconds left to undo. Without it
// the same buttons are forms.
const box = document.getElementById("text");
const list = document.getElementById("canned-list");
const choice = document.getElementById("canned");

function put(text) {
  const before = box.value.replace(/\s+$/, "");
  box.value = before ? `${before}\n\n${text}` : text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}
function keysAreOff() {
  try { return localStorage.getItem("keys.off") === "1"; } catch { return false; }
}

// Canned replies: a list to walk with the arrows, narrowed by what is typed.
function show() {
  if (!list || list.open) return;
  const find = list.querySelector("[type=search]");
  find.value = "";
  narrow("");
  list.showModal();
  find.focus();
}
function narrow(words) {
  const lines = list.querySelector("[data-canned-lines]");
  lines.replaceChildren();
  for (const option of choice.querySelectorAll("option[data-text]")) {
    const text = option.dataset.text;
    if (!`${option.textContent} ${text}`.toLowerCase().includes(words.trim().toLowerCase())) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    const title = document.createElement("strong");
    title.textContent = option.textContent;
    title.lang = document.documentElement.lang;
    const rest = document.createElement("span");
    rest.textContent = text;
    button.append(title, rest);
    button.addEventListener("click", () => { list.close(); put(text); });
    const line = document.createElement("li");
    line.append(button);
    lines.append(line);
  }
  list.querySelector("[data-canned-none]").hidden = lines.children.length > 0;
}
function step(by) {
  const buttons = [...list.querySelectorAll("[data-canned-lines] button")];
  const at = buttons.indexOf(document.activeElement) + by;
  if (at < 0) list.querySelector("[type=search]").focus();
  else buttons[Math.min(at, buttons.length - 1)]?.focus();
}

if (box && list) {
  const opener = document.querySelector("[data-opens-canned]");
  opener.hidden = false;
  opener.addEventListener("click", show);
  for (const plain of [choice, document.querySelector("[data-insert-canned]")]) plain.hidden = true;
  list.addEventListener("input", (event) => narrow(event.target.value));
  list.addEventListener("close", () => box.focus());
  list.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && event.target.matches("[type=search]")) {
      list.querySelector("[data-canned-lines] button")?.click();
    } else return;
    event.preventDefault();
  });
  box.addEventListener("keydown", (event) => {
    const line = box.value.slice(0, box.selectionStart).split("\n").pop();
    if (event.key !== "/" || event.isComposing || line.trim() !== "" || keysAreOff()) return;
    event.preventDefault();
    show();
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      put(button.dataset.insert);
    });
  }
  // One click is enough: the form's key would refuse the second, this spares the wait for it.
  box.form.addEventListener("submit", (event) => {
    if (box.form.dataset.sent) event.preventDefault();
    box.form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => { delete box.form.dataset.sent; });
}

// The seconds left to undo, counted from when the server said how many.
const ends = new WeakMap();
function endOf(element) {
  const known = ends.get(element);
  if (known?.said === element.dataset.left) return known.at;
  const at = performance.now() + Number(element.dataset.left) * 1000;
  ends.set(element, { said: element.dataset.left, at });
  return at;
}
function count() {
  for (const element of document.querySelectorAll("[data-left]")) {
    const left = Math.ceil((endOf(element) - performance.now()) / 1000);
    element.textContent = `${Math.max(0, left)} s`;
    element.closest("form").hidden = left <= 0;
  }
}
const talk = document.getElementById("talk");
if (talk) {
  talk.scrollTop = talk.scrollHeight; // the last words are what is answered
  count();
  setInterval(count, 250);
}
