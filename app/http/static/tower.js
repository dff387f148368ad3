// The shop's clock ticks between two looks at the server, at the shop's own rate.
(() => {
  const face = () => document.getElementById("clock-time");
  let shown = null;

  function anchored(time) {
    const at = time.getAttribute("datetime");
    if (!shown || shown.at !== at) shown = { at, business: Date.parse(at), machine: performance.now() };
    return shown.business + (performance.now() - shown.machine) * Number(time.dataset.rate);
  }

  function tick() {
    const time = face();
    if (!time || Number.isNaN(Date.parse(time.getAttribute("datetime")))) return;
    const now = new Date(anchored(time));
    const say = (zone, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour12: false, ...options }).format(now);
    time.textContent = say(time.dataset.zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    for (const phone of document.querySelectorAll("[data-phone-zone]")) {
      phone.textContent = say(phone.dataset.phoneZone, { hour: "2-digit", minute: "2-digit" });
    }
  }

  setInterval(tick, 250);
})();
