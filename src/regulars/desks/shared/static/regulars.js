// Regulars 熟客 — what pages do beyond HTML: theme, keys, charts, questions, lists. Everything works without it, only slower.
const root = document.documentElement;
const all = (what, where = document) => [...where.querySelectorAll(what)];
const chinese = root.lang.startsWith("zh");

// ---------------------------------------------------------------- theme: remembered in a cookie, so that the server draws it at once
function wear(theme) {
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  for (const button of all("[data-themes] button")) button.setAttribute("aria-pressed", String(button.value === theme));
  redraw();
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-themes]") || !event.submitter) return;
  event.preventDefault();
  wear(event.submitter.value);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());

// ---------------------------------------------------------------- keys: / finds, ? helps, g leads, j and k walk
let leading = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const went = performance.now() - leading < 1200 && document.querySelector(`.side [data-go="${CSS.escape(event.key)}"]`);
  leading = -Infinity;
  if (went) went.click();
  else if (event.key === "g") leading = performance.now();
  else if (event.key === "/" && document.getElementById("find")) document.getElementById("find").select();
  else if (document.querySelector(`[data-press="${CSS.escape(event.key)}"]`)) document.querySelector(`[data-press="${CSS.escape(event.key)}"]`).click();
  else if (event.key === "c" && document.querySelector("#ringing .call")) document.querySelector("#ringing :is(a[href], button)").focus();
  else if (event.key === "?") document.getElementById("help")?.togglePopover();
  else if (event.key === "j" || event.key === "k") return walk(event, event.key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});
const typing = (where) => where instanceof Element && where.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog[open]");
function walk(event, step) {
  const links = all("[data-keys] > * > tr, [data-keys] > li").map((line) => line.querySelector("a[href]")).filter(Boolean);
  if (!links.length) return;
  const now = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  const next = links[Math.min(Math.max(now + step, 0), links.length - 1)];
  for (const line of all(".marked")) line.classList.remove("marked");
  next.closest("tr, li").classList.add("marked");
  next.focus();
  event.preventDefault();
}

// ---------------------------------------------------------------- questions: dialogs open by command; a form or link that asks first
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[commandfor]");
    const asked = button && document.getElementById(button.getAttribute("commandfor"));
    if (asked) button.getAttribute("command") === "close" ? asked.close() : asked.showModal();
  });
}
function ask(question) {
  const dialog = document.getElementById("confirm");
  if (!dialog) return Promise.resolve(window.confirm(question));
  dialog.querySelector("h2").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }));
}
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.sure) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question))) return;
  form.dataset.sure = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.sure;
}, true);

// ---------------------------------------------------------------- forms: a segment or filter that applies itself; a file let fall
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-auto]")) event.target.form.requestSubmit();
});
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const field = event.target.closest?.(".drop");
    if (!field) return;
    event.preventDefault();
    field.classList.toggle("over", type === "dragover");
    const input = field.querySelector("input[type=file]");
    if (type !== "drop" || !event.dataTransfer.files.length || !input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
  const tab = event.target.closest?.("[data-tab]");
  if (tab?.hash) for (const other of all("[data-tab]")) other.toggleAttribute("aria-current", other === tab);
  const picture = event.target.closest?.("[data-picture]");
  if (picture) savePicture(picture);
});

// ---------------------------------------------------------------- rooms of a desk: where one stands is seen on a narrow screen too
for (const here of all(".rooms [aria-current]")) {
  const line = here.closest(".rooms");
  line.scrollLeft += here.getBoundingClientRect().left - line.getBoundingClientRect().left - 16;
}

// what has the focus and is half out of what scrolls sideways comes in wholly; browsers leave it as it is
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(":focus-visible") && target.parentElement.closest(".rooms, .scroll")) target.scrollIntoView({ inline: "nearest", block: "nearest" });
});

// ---------------------------------------------------------------- a customer's card beside the page: data-card says what for
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-card], [data-cards] a[href^='/customers/']");
  const beside = document.getElementById("beside");
  if (!link || !beside || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey || beside.contains(link)) return;
  const { pathname } = new URL(link.href);
  if (!/^\/customers\/[^/]+\/$/.test(pathname)) return;
  event.preventDefault();
  const reason = link.dataset.card ?? link.closest("[data-cards]").dataset.cards;
  document.getElementById("beside-card").replaceChildren();
  window.htmx.ajax("GET", `${pathname}panel/?from=${encodeURIComponent(reason)}`, { target: "#beside-card", swap: "innerHTML" })
    .then(() => document.getElementById("beside-card").childElementCount && !beside.open && beside.showModal());
});

// ---------------------------------------------------------------- what scrolls sideways can be reached by keyboard
const wide = ".scroll, pre.sql";
const tooWide = new ResizeObserver((entries) => entries.forEach(({ target }) => reachable(target.closest(wide))));
function reachable(box) {
  const over = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  if (over) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

// ---------------------------------------------------------------- figures as the reader writes them
const locale = chinese ? "zh-CN" : "en-GB";
const plainNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const minus = (text) => text.replace("-", "\u2212");
const steps = chinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "bn"], [1e6, "M"], [1e3, "k"]];
const signs = { CNY: "¥", JPY: "JP¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$" };
const writers = {
  number: (v) => minus(plainNumber.format(v)),
  whole: (v) => minus(new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(v)),
  signed: (v) => (v > 0 ? "+" : "") + minus(plainNumber.format(v)),
  percent: (v) => `${minus(new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(v * 100))}%`,
  points: (v) => `${minus(plainNumber.format(v))}%`,
  absolute: (v) => plainNumber.format(Math.abs(v)),
  short(v) {
    const [size, unit] = steps.find(([s]) => Math.abs(v) >= s * 0.9995) ?? [1, ""];
    const places = unit && Math.abs(v / size) < 100 ? 1 : 0;
    return minus(new Intl.NumberFormat(locale, { maximumFractionDigits: unit ? places : 2 }).format(v / size)) + unit;
  },
  money: (v, currency) => (v < 0 ? "\u2212" : "") + (signs[currency] ?? `${currency} `) + writers.short(Math.abs(v)),
};
const last = (value) => (Array.isArray(value) ? value.findLast((v) => typeof v === "number") : value);
const figureOf = (p) => (p !== null && typeof p === "object" && !Array.isArray(p) ? last(p.value) : last(p));
// "format:percent", "format:money:CNY" → a function from a figure, or from what the chart library knows about a point, to text
function writer(text) {
  const [, name, detail] = text.split(":");
  return (p) => (typeof figureOf(p) === "number" ? (writers[name] ?? writers.number)(figureOf(p), detail) : String(p?.name ?? p));
}

// ---------------------------------------------------------------- colours: what tokens.css says, as plain rgb the library can mix
const dot = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
function plain(colour) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.forcedColorAdjust = "none";
  probe.style.color = colour;
  dot.clearRect(0, 0, 1, 1);
  dot.fillStyle = getComputedStyle(probe).color;
  dot.fillRect(0, 0, 1, 1);
  probe.remove();
  const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data;
  return a === 255 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
}
let palette = new Map();
function token(name) {
  if (!palette.has(name)) palette.set(name, plain(`var(--${name})`));
  return palette.get(name);
}
const hatch = () => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1.4, 3.6], rotation: -Math.PI / 4, color: token("veil") });

// the option as the server wrote it, with colours and ways of writing filled in
function filled(node) {
  if (typeof node === "string") return node.startsWith("token:") ? token(node.slice(6)) : node.startsWith("format:") ? writer(node) : node;
  if (Array.isArray(node)) return node.map(filled);
  if (node === null || typeof node !== "object") return node;
  const done = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, value === "token:hatch" ? value : filled(value)]));
  if (done.color === "token:hatch") Object.assign(done, { color: token("veil-soft"), borderColor: token("veil-line"), borderWidth: 1, decal: hatch() });
  if (done.decal === "token:hatch") done.decal = hatch();
  return done;
}

function theme() {
  const text = { color: token("ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const axis = {
    axisLine: { lineStyle: { color: token("line-2") } },
    axisTick: { show: false },
    axisLabel: { ...text, color: token("ink-3") },
    splitLine: { lineStyle: { color: token("line") } },
    splitArea: { show: false },
  };
  return {
    color: ["accent", "ramp-3", "sand", "sand-2", "ramp-5", "ramp-2"].map(token),
    backgroundColor: "transparent",
    textStyle: text,
    grid: { left: 0, right: 4, top: 12, bottom: 0, containLabel: true },
    legend: { show: false },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false }, axisLabel: { ...axis.axisLabel, formatter: writer("format:number") } },
    timeAxis: axis,
    logAxis: { ...axis, axisLine: { show: false } },
    bar: { barCategoryGap: "38%", itemStyle: { borderRadius: 2 } },
    line: { symbol: "circle", symbolSize: 5, lineStyle: { width: 2 }, smooth: false },
    sankey: { label: text, lineStyle: { color: "source", opacity: 0.35 }, itemStyle: { borderWidth: 0 }, emphasis: { focus: "adjacency" } },
    heatmap: { itemStyle: { borderColor: token("sheet"), borderWidth: 3, borderRadius: 6 } },
    visualMap: { inRange: { color: [1, 2, 3, 4, 5, 6].map((n) => token(`ramp-${n}`)) }, textStyle: text },
  };
}

// the tip is built from nodes, never from markup: a name that is HTML stays a name, and the content policy holds
function tip(points, write) {
  const box = Object.assign(document.createElement("div"), { className: "tip" });
  const list = (Array.isArray(points) ? points : [points]).filter((p) => typeof figureOf(p) === "number" && p.seriesName !== "\u200b");
  const title = document.createElement("b");
  title.textContent = list[0]?.axisValueLabel ?? list[0]?.name ?? "";
  box.append(title);
  for (const p of list) {
    const line = document.createElement("span");
    const dotted = Object.assign(document.createElement("i"), { className: "key" });
    if (typeof p.color === "string") dotted.style.background = p.color;
    const figure = document.createElement("b");
    figure.textContent = write(p);
    line.append(dotted, /^series\u0000?\d*$/.test(p.seriesName ?? "") ? "" : (p.seriesName ?? ""), figure);
    box.append(line);
  }
  return box;
}
function tipOf(option) {
  if (option.tooltip === undefined || option.tooltip.show === false) return option.tooltip;
  const write = typeof option.tooltip.valueFormatter === "function" ? option.tooltip.valueFormatter : writer("format:number");
  return {
    backgroundColor: token("raised"), borderColor: token("line-2"), borderWidth: 1, padding: [8, 12], confine: true, transitionDuration: 0,
    textStyle: { color: token("ink") }, axisPointer: { type: "line", lineStyle: { color: token("line-2") }, shadowStyle: { color: token("sunk") } },
    ...option.tooltip, formatter: (points) => tip(points, write), valueFormatter: undefined,
  };
}

// ---------------------------------------------------------------- charts
let library;
function echarts() {
  library ??= new Promise((ready, failed) => {
    const script = Object.assign(document.createElement("script"), { src: root.dataset.charts });
    script.addEventListener("load", () => ready(window.echarts));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  return library;
}
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => window.echarts?.getInstanceByDom(target)?.resize()));
async function draw(box) {
  const source = document.getElementById(box.dataset.chart);
  if (!source) return;
  const [charts] = await Promise.all([echarts(), document.fonts.ready]);
  if (!box.isConnected) return;
  const option = filled(JSON.parse(source.textContent));
  charts.getInstanceByDom(box)?.dispose();
  const chart = charts.init(box, theme(), { renderer: "svg" });
  chart.setOption({ ...option, animation: false, aria: { enabled: true, label: { enabled: false } }, tooltip: tipOf(option) });
  chart.on("click", ({ data }) => { if (typeof data?.href === "string" && data.href.startsWith("/")) location.assign(data.href); });
  chart.on("mousemove", ({ data }) => box.classList.toggle("leads", Boolean(data?.href)));
  resized.observe(box);
  const save = box.closest("figure")?.querySelector("[data-picture]");
  if (save) save.hidden = false;
  box.dataset.drawn = "yes";
}
function redraw() {
  palette = new Map();
  all("[data-chart]").forEach(draw);
}
// the picture on the screen as a file: nothing that was not already shown
function savePicture(button) {
  const drawn = button.closest("figure").querySelector("[data-chart] svg");
  if (!drawn) return;
  const copy = drawn.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.style.background = token("sheet");
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  Object.assign(document.createElement("a"), { href: address, download: `${button.dataset.picture}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// ---------------------------------------------------------------- a page, or a fragment that has just come
function ready(part) {
  const inside = (what) => [...(part.matches?.(what) ? [part] : []), ...all(what, part)];
  inside("[data-chart]").forEach(draw);
  inside(wide).forEach((box) => { [box, ...box.children].forEach((one) => tooWide.observe(one)); reachable(box); });
}
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && ready(event.detail.elt));
document.addEventListener("htmx:responseError", (event) => say(root.dataset.broken, event));
document.addEventListener("htmx:sendError", (event) => say(root.dataset.away, event));
function say(sentence) {
  const place = document.getElementById("messages");
  if (!place || !sentence) return;
  const note = Object.assign(document.createElement("div"), { className: "note heed" });
  const words = document.createElement("span");
  words.textContent = sentence;
  note.append(words);
  place.replaceChildren(note);
}
ready(document);
