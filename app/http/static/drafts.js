// What somebody began to write in <textarea data-draft="key"> is there again when they come back.
// It stays on their device, for a week, and goes when it was sent or they log out.
const PREFIX = "draft:";
const WEEK = 7 * 86400 * 1000;
const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const hasFailed = document.querySelector("[data-failed]") !== null;

function read(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}
function write(name, draft) {
  try { localStorage.setItem(name, JSON.stringify(draft)); } catch { /* full or forbidden */ }
}
function all() {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; }
}
function fill(field) {
  const draft = read(PREFIX + field.dataset.draft);
  if (!draft || draft.isSent || field.value.trim() !== "") return;
  field.value = draft.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const name of all()) {
  const draft = read(name);
  // A form was sent and another page came: it arrived, unless that page says otherwise.
  const hasArrived = draft?.isSent && !hasFailed && !cameBack;
  if (!draft || hasArrived || Date.now() - draft.at > WEEK) localStorage.removeItem(name);
  else if (draft.isSent) write(name, { ...draft, isSent: false });
}
for (const field of document.querySelectorAll("textarea[data-draft]")) fill(field);

document.addEventListener("input", (event) => {
  const key = event.target.dataset?.draft;
  if (!key) return;
  if (event.target.value.trim() === "") localStorage.removeItem(PREFIX + key);
  else write(PREFIX + key, { text: event.target.value, at: Date.now(), isSent: false });
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) {
    for (const name of all()) localStorage.removeItem(name);
    return;
  }
  for (const field of event.target.querySelectorAll("textarea[data-draft]")) {
    const draft = read(PREFIX + field.dataset.draft);
    if (draft) write(PREFIX + field.dataset.draft, { ...draft, isSent: true });
  }
});
