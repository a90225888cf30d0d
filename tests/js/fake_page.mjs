// A page small enough to read: what the widgets need of a document, so that they run in plain node.

export class FakeNode {
  constructor(tag) {
    this.tag = tag; this.children = []; this.parent = null; this.text = ""; this.attributes = new Map();
    this.dataset = {}; this.listeners = new Map(); this.hidden = false; this.offsetTop = 0; this.offsetLeft = 0;
    this.offsetWidth = 10; this.offsetHeight = 10; this.className = "";
    this.style = { values: {}, setProperty(name, value) { this.values[name] = value; } };
  }
  set textContent(value) { this.children = []; this.text = String(value); }
  get textContent() { return this.text + this.children.map((child) => child.textContent).join(""); }
  get firstChild() { return this.children[0]; }
  setAttribute(name, value) { this.attributes.set(name, String(value)); if (name === "class") this.className = String(value); }
  getAttribute(name) { return this.attributes.get(name) ?? null; }
  removeAttribute(name) { this.attributes.delete(name); if (name.startsWith("data-")) delete this.dataset[name.slice(5)]; }
  append(...nodes) { for (const node of nodes) { node.leave(); node.parent = this; this.children.push(node); } }
  leave() { if (this.parent) this.parent.children = this.parent.children.filter((one) => one !== this); }
  remove() { if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this); this.parent = null; }
  replaceChildren(...nodes) { this.children = []; this.append(...nodes); }
  contains(node) { return node === this || this.children.some((child) => child.contains(node)); }
  addEventListener(type, handler) { this.listeners.set(type, [...(this.listeners.get(type) ?? []), handler]); }
  /** Calls handlers here and above, as the page does. */
  dispatch(type, more = {}) {
    const event = { type, target: this, prevented: 0, stopped: 0, preventDefault() { this.prevented++; }, stopPropagation() { this.stopped++; }, ...more };
    for (let node = this; node && !event.stopped; node = node.parent) for (const handler of node.listeners.get(type) ?? []) handler(event);
    return event;
  }
  focus() { document.activeElement = this; this.dispatch("focusin"); }
  getBoundingClientRect() { return { left: 0, top: 0, width: 100, height: 10 }; }
  matches(selector) { return selector.startsWith(".") ? this.className.split(" ").includes(selector.slice(1)) : this.tag === selector; }
  closest(selector) { return this.matches(selector) ? this : this.parent?.closest(selector) ?? null; }
  querySelectorAll(selector) { return this.children.flatMap((child) => [...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector)]); }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
}

/** A fresh page for one test. */
export function openPage({ light = "true" } = {}) {
  const body = new FakeNode("body");
  body.dataset.jpThemeLight = light;
  const observers = new Set();
  globalThis.document = { body, activeElement: body, createElement: (tag) => new FakeNode(tag), createElementNS: (_, tag) => new FakeNode(tag) };
  globalThis.window = new FakeNode("window"); // keys reach it first
  window.removeEventListener = (type, handler) => window.listeners.set(type, window.listeners.get(type).filter((one) => one !== handler));
  globalThis.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} });
  globalThis.MutationObserver = class {
    constructor(callback) { this.callback = callback; }
    observe() { observers.add(this.callback); }
    disconnect() { observers.delete(this.callback); }
  };
  return { body, observers, setTheme(value) { body.dataset.jpThemeLight = value; observers.forEach((callback) => callback()); } };
}

/** The model that a widget talks to; `saved` holds what it sent to the kernel. */
export class FakeModel {
  constructor(state) { this.state = { ...state }; this.handlers = new Map(); this.saved = []; this.pending = {}; }
  get(name) { return this.state[name]; }
  set(name, value) {
    this.state[name] = value; this.pending[name] = value;
    for (const handler of [...(this.handlers.get(`change:${name}`) ?? [])]) handler();
  }
  save_changes() { this.saved.push(this.pending); this.pending = {}; }
  send(content) { this.sent = [...(this.sent ?? []), content]; }
  on(event, handler) { this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]); }
  off(event, handler) { this.handlers.set(event, (this.handlers.get(event) ?? []).filter((one) => one !== handler)); }
  get listening() { return [...this.handlers.values()].flat().length; }
}

/** Render a widget's module on a model; gives the element and the way to take it away. */
export function mount(widget, model) {
  const el = new FakeNode("div");
  document.body.append(el);
  return { el, close: widget.render({ model, el }) };
}

export const HOSTILE = "</script><img src=x onerror=alert(1)>";
