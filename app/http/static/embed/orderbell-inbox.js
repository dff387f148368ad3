// <orderbell-inbox base="https://bell.shop.example" token="e.…" lang="zh"></orderbell-inbox>
//
// A bell with the unread count, and behind it the inbox of the person whom the token names. One file,
// no framework. It runs in pages of a strict CSP: styles are constructed, nothing is inline, and what
// came from the shop is written as text and never as HTML. The server puts the words in when it
// serves the file.

const WORDS = {}; // filled by the server: {zh: {...}, en: {...}}
const FOLDERS = ["inbox", "orders", "other", "shop", "snoozed", "away"];
const RETRY_SECONDS = [1, 3, 10, 20]; // the last is how often a page without a stream asks
const SILENT_SECONDS = 60; // the server says something every 25 s; a proxy may swallow it
const BELL = "M12 3a6 6 0 0 0-6 6c0 5-2 6-2 8h16c0-2-2-3-2-8a6 6 0 0 0-6-6Zm-2.2 16a2.3 2.3 0 0 0 4.4 0Z";

const STYLE = `
:host {
  --_paper: var(--orderbell-surface, light-dark(#fffdf9, #211d18));
  --_sunk: var(--orderbell-sunk, light-dark(#f3ecdf, #2a251e));
  --_ink: var(--orderbell-text, light-dark(#2b241b, #efe8dc));
  --_soft: var(--orderbell-muted, light-dark(#665b4c, #b8ab98));
  --_line: var(--orderbell-line, light-dark(#e7dccb, #3a332a));
  --_accent: var(--orderbell-accent, light-dark(#85550c, #e3b565));
  --_badge: var(--orderbell-badge, light-dark(#a12b1b, #f2a596));
  --_on-badge: var(--orderbell-badge-text, light-dark(#fffaf0, #221803));
  --_radius: var(--orderbell-radius, 0.75rem);
  display: inline-block; position: relative; text-align: start;
  font: var(--orderbell-font, 400 1rem/1.5 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif);
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
button, input { font: inherit; color: inherit; }
button { min-width: 2.75rem; min-height: 2.75rem; padding: 0 0.6rem; border: 0; border-radius: 0.5rem;
  background: none; cursor: pointer; }
button:hover { background: var(--_sunk); }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.bell { position: relative; color: inherit; }
.bell svg { display: block; width: 1.5rem; height: 1.5rem; margin: auto; fill: currentColor; }
.badge { position: absolute; inset: 0.1rem 0.1rem auto auto; min-width: 1.3rem; padding: 0 0.3rem;
  border-radius: 1rem; background: var(--_badge); color: var(--_on-badge); font-size: 0.8rem;
  line-height: 1.3rem; text-align: center; }
.panel { position: absolute; z-index: var(--orderbell-layer, 1000); inset-block-start: calc(100% + 0.4rem);
  inset-inline-end: 0; display: flex; flex-direction: column; width: var(--orderbell-width, 26rem);
  max-width: calc(100vw - 1rem); max-height: min(40rem, 80vh); overflow: hidden; color: var(--_ink);
  background: var(--_paper); border: 1px solid var(--_line); border-radius: var(--_radius);
  box-shadow: 0 6px 28px rgb(0 0 0 / 18%); }
:host([align="start"]) .panel { inset-inline: 0 auto; }
.head { display: flex; align-items: center; gap: 0.25rem; padding: 0.4rem 0.5rem 0 1rem; }
h2 { flex: 1; margin: 0; font-size: 1.1rem; }
.tabs { display: flex; gap: 0.1rem; overflow-x: auto; padding: 0 0.5rem; border-bottom: 1px solid var(--_line); }
.tabs button { flex: none; border-radius: 0; color: var(--_soft); border-bottom: 3px solid transparent; }
.tabs button[aria-selected="true"] { color: var(--_ink); border-color: var(--_accent); }
:is(.tabs, .panel) :focus-visible { outline-offset: -2px; }
.search { display: flex; gap: 0.4rem; padding: 0.5rem 1rem; }
input { flex: 1; min-width: 0; min-height: 2.75rem; padding: 0 0.8rem; border: 1px solid var(--_soft);
  border-radius: 0.5rem; background: var(--_paper); }
input::placeholder { color: var(--_soft); opacity: 1; }
.body { flex: 1; overflow-y: auto; overscroll-behavior: contain; }
ul { margin: 0; padding: 0; list-style: none; }
.item, .announcement { padding: 0.7rem 1rem; border-bottom: 1px solid var(--_line); }
.announcement { background: var(--_sunk); }
.item.unread { border-inline-start: 4px solid var(--_accent); padding-inline-start: calc(1rem - 4px); }
h3 { margin: 0; font-size: 1rem; font-weight: 500; overflow-wrap: anywhere; }
.unread > h3, .announcement > h3 { font-weight: 700; }
.mark { padding: 0 0.4rem; border-radius: 0.3rem; font-size: 0.8rem; font-weight: 500;
  color: var(--_on-badge); background: var(--_badge); }
.mark.calm { color: var(--_ink); background: var(--_sunk); }
p { margin: 0.15rem 0 0; overflow-wrap: anywhere; white-space: pre-line; }
time, .quiet, summary { color: var(--_soft); font-size: 0.875rem; }
summary { min-height: 2.75rem; line-height: 2.75rem; cursor: pointer; }
details li { padding: 0 0 0.5rem 0.75rem; border-inline-start: 2px solid var(--_line); }
.acts { display: flex; flex-wrap: wrap; align-items: center; margin-inline-start: -0.6rem; font-size: 0.925rem; }
.acts button, .acts a, .foot button { color: var(--_accent); }
.acts a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: 0 0.6rem; }
.foot { padding: 0.25rem 0.4rem; text-align: center; }
.empty { padding: 2rem 1.5rem; text-align: center; }
.trouble { display: flex; align-items: center; gap: 0.5rem; padding: 0.25rem 1rem; background: var(--_sunk); }
.trouble p { flex: 1; margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) {
  .panel { position: fixed; inset: 0; width: auto; max-width: none; max-height: none; border: 0; border-radius: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: come 0.15s ease-out; }
  @keyframes come { from { opacity: 0; translate: 0 -0.4rem; } }
}`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** Make an element; `given` are properties, or attributes where the name has a hyphen or is `role`. */
function make(name, given = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key in made && !key.includes("-")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

function bellIcon() {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", BELL);
  icon.append(path);
  return icon;
}

/** What the server refused, by its code; `busy` may be tried again, `over` wants a fresh token. */
class Refused extends Error {
  constructor(code, status) {
    super(code);
    this.code = code;
    this.isOver = status === 401;
  }
}

/** Asks the server, and hears of news from it; knows nothing of what is on the screen. */
class Wire {
  #base; #token; #ended = new AbortController();

  constructor(base, token) {
    this.#base = new URL(base.endsWith("/") ? base : `${base}/`, location.href);
    if (!/^https?:$/.test(this.#base.protocol)) throw new TypeError("base must be http or https");
    this.#token = token;
  }

  /** Return the address if it leads to the server itself by http or https, else null. */
  link(address) {
    if (!address) return null;
    const url = URL.canParse(address) ? new URL(address) : null;
    return url && /^https?:$/.test(url.protocol) && url.origin === this.#base.origin ? url.href : null;
  }

  #fetch(path, more = {}) {
    return fetch(new URL(`v1/embed/inbox${path}`, this.#base), {
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: this.#ended.signal,
      ...more,
      headers: { authorization: `Bearer ${this.#token}`, ...more.headers },
    });
  }

  async ask(path, more) {
    const answer = await this.#fetch(path, more);
    if (answer.ok) return answer.status === 204 ? null : answer.json();
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(problem.code ?? `http_${answer.status}`, answer.status);
  }

  /** Do something; it is done even where the page is left before the answer comes. */
  act(path, body) {
    const headers = { "content-type": "application/json" };
    const given = { method: "POST", headers, body: JSON.stringify(body ?? {}) };
    return this.ask(path, { ...given, keepalive: true, signal: null });
  }

  /** Call `onNews` for each hint of the stream; ends when the stream does, throws when it is silent. */
  async listen(onNews) {
    const silence = new AbortController();
    let timer = 0;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_SECONDS * 1000);
    };
    heard();
    try {
      const signal = AbortSignal.any([this.#ended.signal, silence.signal]);
      const answer = await this.#fetch("/stream", { signal });
      if (!answer.ok) throw new Refused(`http_${answer.status}`, answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = "", part = await reader.read(); !part.done; part = await reader.read()) {
        heard();
        const lines = (rest + part.value).split(/\r\n|\n|\r/);
        rest = lines.pop();
        if (lines.includes("event: news")) onNews();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  end() {
    this.#ended.abort();
  }
}

class OrderbellInbox extends HTMLElement {
  static observedAttributes = ["base", "token", "lang"];

  #root = this.attachShadow({ mode: "open" });
  #wire = null;
  #folder = "inbox";
  #asked = "";
  #shown = { data: [], announcements: [], unread: {}, next: null };
  #isLoaded = false;
  #turn = 0; // only the newest answer counts
  #poll = 0;
  #failures = 0;
  #told = null; // the count that was said last
  #doings = 0; // what is being done here just now
  #isMissed = false; // news that came meanwhile
  #parts = {};

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  // ---- what a page may do -------------------------------------------------------------------------

  get token() { return this.getAttribute("token"); }
  set token(value) { this.setAttribute("token", value); }
  get isOpen() { return !!this.#parts.panel && !this.#parts.panel.hidden; }
  get unread() { return (this.#shown.unread.inbox ?? 0) + (this.#shown.unread.shop ?? 0); }

  open() {
    if (this.isOpen || !this.#parts.panel) return;
    this.#parts.panel.hidden = false;
    this.#parts.bell.setAttribute("aria-expanded", "true");
    this.#parts.title.focus({ preventScroll: true });
    document.addEventListener("pointerdown", this.#outside);
    this.#tell("orderbell-toggle", { open: true });
    this.#load();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.#root.activeElement !== null;
    this.#parts.panel.hidden = true;
    this.#parts.bell.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.#outside);
    if (hadFocus) this.#parts.bell.focus();
    this.#tell("orderbell-toggle", { open: false });
  }

  /** What is done here is told to every page, this one too: it asks once it is done itself. */
  refresh() {
    this.#isMissed = this.#doings > 0;
    if (this.#isMissed) return Promise.resolve();
    return this.isOpen ? this.#load() : this.#count();
  }

  // ---- its life -----------------------------------------------------------------------------------

  connectedCallback() {
    this.#build();
    this.#begin();
    document.addEventListener("visibilitychange", this.#seen);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seen);
    document.removeEventListener("pointerdown", this.#outside);
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || before === after || !this.#parts.bell) return;
    if (name === "lang") {
      const wasOpen = this.isOpen;
      this.#build();
      this.#draw();
      if (wasOpen) this.open();
      return;
    }
    this.#begin();
    if (this.isOpen) this.#load();
  }

  /** A page that nobody looks at holds no stream: browsers give one server few connections. */
  #seen = () => {
    if (document.visibilityState === "hidden") return this.#stop();
    this.#begin();
    if (this.isOpen) this.#load();
  };

  #outside = (event) => { if (!event.composedPath().includes(this)) this.close(); };

  #begin() {
    this.#stop();
    const [base, token] = [this.getAttribute("base"), this.getAttribute("token")];
    if (!base || !token) return;
    try {
      this.#wire = new Wire(base, token);
    } catch {
      this.#trouble("failed");
      this.#tell("orderbell-error", { code: "bad_base" });
      return;
    }
    this.#trouble(null);
    this.#count();
    this.#listen(this.#wire);
  }

  #stop() {
    clearTimeout(this.#poll);
    this.#wire?.end();
    this.#wire = null;
    this.#failures = 0;
  }

  /** Hear of news while this wire is ours; without a stream ask every 20 seconds. */
  async #listen(wire) {
    while (wire === this.#wire) {
      try {
        await wire.listen(() => { this.#failures = 0; this.refresh(); });
      } catch (fault) {
        if (wire !== this.#wire) return;
        if (fault.isOver) return this.#over(wire);
        this.#failures += 1;
      }
      if (wire !== this.#wire) return;
      const wait = RETRY_SECONDS[Math.min(this.#failures, RETRY_SECONDS.length - 1)];
      await new Promise((wake) => { this.#poll = setTimeout(wake, wait * 1000); });
      if (wire === this.#wire && this.#failures) await this.refresh();
    }
  }

  #over(wire) {
    if (wire !== this.#wire) return;
    this.#stop();
    this.#trouble("over");
    this.#tell("orderbell-token-expired", {});
  }

  // ---- asking -------------------------------------------------------------------------------------

  /** Do something with the server; a refusal is shown, and a token that is over is told once. */
  async #with(work) {
    const wire = this.#wire;
    if (!wire) return false;
    try {
      await work(wire);
      if (wire === this.#wire) this.#trouble(null);
      return true;
    } catch (fault) {
      if (wire !== this.#wire || fault.name === "AbortError") return false;
      if (fault.isOver) this.#over(wire);
      else {
        this.#trouble("failed");
        this.#tell("orderbell-error", { code: fault.code ?? "unreachable" });
      }
      return false;
    }
  }

  #count() {
    return this.#with(async (wire) => this.#counted((await wire.ask("/count")).unread));
  }

  /** Load what is on the screen anew: as many bundles as it shows, a page at least. */
  #load() {
    const turn = ++this.#turn;
    return this.#with(async (wire) => {
      const wanted = this.#isLoaded ? this.#shown.data.length : 0;
      let found = await wire.ask(this.#address(null));
      while (found.next && found.data.length < wanted) {
        const more = await wire.ask(this.#address(found.next));
        found = { ...found, data: [...found.data, ...more.data], next: more.next };
      }
      if (turn !== this.#turn || wire !== this.#wire) return;
      this.#isLoaded = true;
      this.#shown = found;
      this.#draw();
      await this.#see(wire);
    });
  }

  #more() {
    const [turn, count] = [this.#turn, this.#shown.data.length];
    return this.#with(async (wire) => {
      const more = await wire.ask(this.#address(this.#shown.next));
      if (turn !== this.#turn) return;
      this.#shown = { ...this.#shown, data: [...this.#shown.data, ...more.data], next: more.next };
      this.#draw();
      this.#focusItem(count);
      await this.#see(wire);
    });
  }

  #address(after) {
    const asked = new URLSearchParams(this.#asked ? { q: this.#asked } : { folder: this.#folder });
    asked.set("lang", this.#lang);
    if (after) asked.set("after", after);
    return `?${asked}`;
  }

  async #see(wire) {
    const fresh = this.#shown.data.flatMap((one) => one.lines).filter((line) => !line.seen_at);
    const items = fresh.map((line) => line.id).slice(0, 200);
    if (items.length && this.isOpen) await wire.act("/seen", { items });
  }

  /** Do something with the screen to itself; news that comes meanwhile is asked for afterwards. */
  async #doing(work) {
    this.#doings += 1;
    try {
      await work();
    } finally {
      this.#doings -= 1;
      if (this.#isMissed && !this.#doings) this.refresh();
    }
  }

  #act(act, bundle, place) { return this.#doing(() => this.#acted(act, bundle, place)); }

  async #acted(act, bundle, place) {
    const isDone = await this.#with(async (wire) => {
      this.#counted((await wire.act(`/${act}`, { item: bundle.id })).unread);
    });
    if (!isDone) return;
    await this.#load();
    const isThere = this.#shown.data.some((one) => one.id === bundle.id);
    if (!isThere) this.#focusItem(Math.min(place, this.#shown.data.length - 1));
  }

  #readAll() { return this.#doing(() => this.#allRead()); }

  async #allRead() {
    const newest = this.#shown.data.map((one) => one.id).sort().at(-1);
    if (await this.#with((wire) => wire.act("/read_all", { folder: this.#folder, up_to: newest }))) {
      await this.#load();
      this.#parts.title.focus();
    }
  }

  async #dismiss(one) {
    if (await this.#with((wire) => wire.act(`/announcements/${one.id}/dismiss`))) {
      await this.#load();
      this.#parts.title.focus();
    }
  }

  // ---- words --------------------------------------------------------------------------------------

  get #lang() {
    const told = this.closest("[lang]")?.lang || navigator.language || "en";
    return told.toLowerCase().startsWith("zh") ? "zh" : "en";
  }

  #say(key, given = {}) {
    const written = (WORDS[this.#lang] ?? {})[key] ?? key;
    const form = Array.isArray(written) ? written[given.n === 1 ? 0 : written.length - 1] : written;
    return form.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
  }

  #when(moment) {
    const at = new Date(moment);
    const tongue = this.#lang === "zh" ? "zh-CN" : "en-GB";
    const isToday = at.toDateString() === new Date().toDateString();
    const short = isToday ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric" };
    const whole = at.toLocaleString(tongue, { dateStyle: "full", timeStyle: "short" });
    return make("time", { dateTime: moment, title: whole }, at.toLocaleString(tongue, short));
  }

  // ---- the screen ---------------------------------------------------------------------------------

  #build() {
    const say = (key, given) => this.#say(key, given);
    const on = (name, does, given, ...inside) => make("button", { type: "button", part: "button", onclick: does, class: name, ...given }, ...inside);
    const badge = make("span", { class: "badge", part: "badge", hidden: true });
    const bell = on("bell", () => (this.isOpen ? this.close() : this.open()), {
      part: "bell", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-controls": "panel",
    }, bellIcon(), badge);
    const status = make("span", { class: "unseen", role: "status", "aria-live": "polite" });
    const title = make("h2", { id: "title", tabIndex: -1, part: "title" }, say("title"));
    const all = on("all", () => this.#readAll(), { hidden: true }, say("read_all"));
    const close = on("close", () => this.close(), { "aria-label": say("close") }, "✕");
    const tabs = make("div", { class: "tabs", part: "tabs", role: "tablist", "aria-label": say("folders"), onkeydown: (event) => this.#walkTabs(event) },
      ...FOLDERS.map((folder) => on("", () => this.#choose(folder), { role: "tab", part: "tab", id: `tab-${folder}`, "data-folder": folder, "aria-controls": "list" })));
    const field = make("input", { type: "search", name: "q", maxLength: 200, placeholder: say("search.title"), "aria-label": say("search.title"), part: "search" });
    const search = make("form", { class: "search", role: "search", onsubmit: (event) => this.#search(event) }, field, make("button", { part: "button" }, say("search")));
    const trouble = make("div", { class: "trouble", part: "error", role: "alert", hidden: true }, make("p"), on("", () => this.refresh(), {}, say("again")));
    const announced = make("div", { part: "announcements", role: "group", "aria-label": say("announced") });
    const list = make("ul", { part: "list" });
    const foot = make("div", { class: "foot" }, on("more", () => this.#more(), { part: "more", hidden: true }, say("older")));
    const body = make("div", { class: "body", id: "list", role: "tabpanel" }, announced, list, make("div", { class: "empty", part: "empty", hidden: true }), foot);
    const head = make("div", { class: "head", part: "header" }, title, all, close);
    const panel = make("div", { class: "panel", id: "panel", part: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: (event) => this.#keys(event) },
      head, search, tabs, trouble, body);
    this.#parts = { badge, bell, status, title, all, tabs, field, trouble, announced, list, body, panel, more: foot.firstChild, empty: body.children[2] };
    this.#root.replaceChildren(bell, status, panel);
    this.#number();
  }

  /** Take a count of the server's; a change is said aloud, and told to the page. */
  #counted(unread) {
    this.#shown.unread = unread;
    this.#number();
    const count = this.unread;
    if (count === this.#told) return;
    if (this.#told !== null) this.#parts.status.textContent = this.#say("unread", { n: count });
    this.#told = count;
    this.#tell("orderbell-count", { unread: count, folders: { ...unread } });
  }

  /** Write how many are unread on the bell and the tabs. */
  #number() {
    const { badge, bell, tabs, all } = this.#parts;
    const [count, unread] = [this.unread, this.#shown.unread];
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : String(count);
    bell.setAttribute("aria-label", count ? this.#say("bell", { n: count }) : this.#say("title"));
    for (const tab of tabs.children) {
      const [folder, fresh] = [tab.dataset.folder, unread[tab.dataset.folder]];
      tab.textContent = this.#say(folder === "inbox" ? "own" : folder) + (fresh ? ` ${fresh}` : "");
      const isHere = !this.#asked && folder === this.#folder;
      tab.setAttribute("aria-selected", String(isHere));
      tab.tabIndex = isHere || (this.#asked && folder === "inbox") ? 0 : -1;
    }
    all.hidden = !!this.#asked || !unread[this.#folder];
  }

  #draw() {
    const { data, announcements, unread, next } = this.#shown;
    const { announced, list, more, empty, body } = this.#parts;
    this.#counted(unread);
    body.setAttribute("aria-labelledby", this.#asked ? "title" : `tab-${this.#folder}`);
    patch(announced, announcements, (one) => this.#announcement(one));
    announced.hidden = !announcements.length;
    patch(list, data, (one, old) => this.#item(one, old));
    list.hidden = !data.length;
    more.hidden = !next;
    empty.hidden = !this.#isLoaded || data.length > 0;
    const key = this.#asked ? "search.none" : `empty.${this.#folder}`;
    empty.replaceChildren(make("p", {}, this.#say(key)), make("p", { class: "quiet" }, this.#say(`${key}.lead`)));
  }

  #announcement(one) {
    const gone = make("button", { type: "button", part: "button", onclick: () => this.#dismiss(one),
      "aria-label": `${this.#say("dismiss")}: ${one.title}` }, this.#say("dismiss"));
    const acts = one.dismissible === false ? null : make("div", { class: "acts" }, gone);
    return make("article", { class: "announcement", part: one.pinned ? "announcement pinned" : "announcement" },
      make("h3", {}, one.title), make("p", {}, one.body), acts);
  }

  #item(bundle, old) {
    const [newest, ...earlier] = bundle.lines;
    const calm = newest.past ? "past" : bundle.new ? "new" : null;
    const title = make("h3", { part: "item-title" },
      bundle.unread > 0 && make("span", { class: "unseen" }, `${this.#say("not_read")} `), newest.title,
      bundle.urgent && " ", bundle.urgent && make("span", { class: "mark" }, this.#say("urgent")),
      calm && " ", calm && make("span", { class: "mark calm" }, this.#say(calm)));
    const fold = earlier.length > 0 && make("details", { open: old?.querySelector("details")?.open ?? false },
      make("summary", {}, this.#say("earlier", { n: earlier.length })),
      make("ul", {}, ...earlier.map((line) => make("li", {}, make("h3", {}, line.title), make("p", {}, line.body), this.#when(line.arrived_at)))));
    const article = make("article", { class: bundle.unread > 0 ? "item unread" : "item", part: bundle.unread > 0 ? "item unread" : "item", tabIndex: -1 },
      title, this.#when(newest.arrived_at), make("p", { part: "item-body" }, newest.body), this.#acts(bundle, newest), fold);
    return make("li", {}, article);
  }

  #acts(bundle, newest) {
    const place = () => this.#shown.data.findIndex((one) => one.id === bundle.id);
    const act = (name, word) => make("button", { type: "button", part: "button", "data-act": name.replace("unread", "read"), onclick: () => this.#act(name, bundle, place()),
      "aria-label": `${this.#say(word)}: ${newest.title}` }, this.#say(word));
    const href = this.#wire?.link(bundle.order_url);
    const order = href && make("a", { href, part: "link", rel: "noopener", onclick: (event) => this.#open(event, bundle, href) }, this.#say("order"));
    const isPut = newest.archived_at || this.#folder === "snoozed";
    const acts = isPut ? [act("back", "take_back")] : [
      bundle.unread > 0 ? act("read", "mark_read") : act("unread", "mark_unread"), act("snooze", "later"), act("archive", "archive"),
    ];
    return make("div", { class: "acts", part: "actions" }, order, ...acts);
  }

  #open(event, bundle, url) {
    this.#wire?.act("/read", { item: bundle.id }).catch(() => {});
    if (!this.#tell("orderbell-open-order", { order: bundle.order, item: bundle.id, url })) event.preventDefault();
  }

  #trouble(kind) {
    const { trouble } = this.#parts;
    trouble.hidden = !kind;
    trouble.firstChild.textContent = kind ? this.#say(kind) : "";
    trouble.lastChild.hidden = kind === "over";
  }

  // ---- hands --------------------------------------------------------------------------------------

  #choose(folder) {
    [this.#folder, this.#asked, this.#parts.field.value] = [folder, "", ""];
    this.#anew();
  }

  #search(event) {
    event.preventDefault();
    this.#asked = this.#parts.field.value.trim();
    this.#anew();
  }

  #anew() {
    this.#isLoaded = false;
    this.#shown = { ...this.#shown, data: [], announcements: [], next: null };
    this.#parts.body.scrollTop = 0;
    this.#draw();
    return this.#load();
  }

  #walkTabs(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -FOLDERS.length, End: FOLDERS.length }[event.key];
    if (!step) return;
    event.preventDefault();
    const last = FOLDERS.length - 1;
    const at = FOLDERS.indexOf(event.target.dataset.folder) + step;
    const next = Math.abs(step) > 1 ? Math.max(0, Math.min(last, at)) : (at + FOLDERS.length) % FOLDERS.length;
    this.#choose(FOLDERS[next]);
    this.#parts.tabs.children[next].focus();
  }

  /** Escape closes; the arrows walk from item to item, wherever the focus is but in a field or tab. */
  #keys(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || event.target.matches("input, [role=tab]")) return;
    event.preventDefault();
    const rows = [...this.#parts.list.children];
    const at = rows.findIndex((row) => row.contains(event.target));
    this.#focusItem(Math.max(0, Math.min(rows.length - 1, at + step)));
  }

  /** Move the focus to an item of the list; to the title where there is none. */
  #focusItem(place) {
    (this.#parts.list.children[place]?.firstChild ?? this.#parts.title).focus();
  }

  /** Tell the page something; false means that it will see to it itself. */
  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

/** Make the children of a node those of `rows`; one that says the same as before stays the same node. */
function patch(node, rows, draw) {
  const old = new Map([...node.children].map((child) => [child.dataset.id, child]));
  const wanted = rows.map((row) => {
    const [before, said] = [old.get(row.id), JSON.stringify(row)];
    if (before?.said === said) return before;
    const now = Object.assign(draw(row, before), { said });
    now.dataset.id = row.id;
    if (before) swap(before, now);
    return now;
  });
  const kept = new Set(wanted);
  for (const child of [...node.children]) if (!kept.has(child)) child.remove();
  wanted.forEach((one, place) => {
    if (node.children[place] !== one) node.insertBefore(one, node.children[place] ?? null);
  });
}

/** Put a node in the place of another; what had the focus has it again, by its name or its item. */
function swap(before, now) {
  const focused = before.getRootNode().activeElement;
  const had = before.contains(focused) ? focused : null;
  before.replaceWith(now);
  if (!had) return;
  const same = had.dataset.act && now.querySelector(`[data-act="${had.dataset.act}"]`);
  (same || now.querySelector("[tabindex]") || now).focus();
}

if (!customElements.get("orderbell-inbox")) customElements.define("orderbell-inbox", OrderbellInbox);
export { OrderbellInbox };
