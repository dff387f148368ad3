// "Copy link to this view", or a text of its own (data-text): shown where a script can do it, and told when it is done.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

function keep(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // a shop's own network may have no https
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const isKept = document.execCommand("copy");
  field.remove();
  return isKept ? Promise.resolve() : Promise.reject(new Error("refused"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.dataset.says) return;
  keep(button.dataset.text ?? new URL(button.dataset.copy, location).href).then(() => {
    button.dataset.says = button.textContent;
    button.textContent = button.dataset.copied;
    button.setAttribute("role", "status");
    setTimeout(() => {
      button.textContent = button.dataset.says;
      button.removeAttribute("role");
      delete button.dataset.says;
    }, 2500);
  }, () => {});
});
