// Who opens an order has read what we wrote about it: told to the inbox on the way out.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-reads]");
  const token = document.querySelector("#items input[name=csrf]")?.value;
  if (!link || !token) return;
  const here = location.pathname.replace(/\/$/, "");
  navigator.sendBeacon(`${here}/items/${link.dataset.reads}/read`, new URLSearchParams({ csrf: token }));
});
