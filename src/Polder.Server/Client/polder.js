// What an open page does to follow its server: one event stream per browser, shared by its tabs; each tab asks for
// its own patch; what changes is morphed in place, so that scroll, focus, selection and inputs stay.
import { Idiomorph } from 'idiomorph/dist/idiomorph.esm.js';

const script = document.querySelector('script[data-version]');
const scriptAddress = new URL(import.meta.url).pathname;
let version = script.dataset.version;
let pageAddress = location.pathname + location.search;

// ---- Patches

// A field belongs to the person who fills it in, an open <details> to the one who opened it.
const guard = {
  beforeNodeMorphed(old, now) {
    if (old.nodeType !== 1) return true;
    if (old.tagName === 'DETAILS') now.toggleAttribute('open', old.open);
    return !/^(INPUT|SELECT|TEXTAREA|CANVAS)$/.test(old.tagName) || old.tagName !== now.tagName;
  },
};
const morphing = { ignoreActiveValue: true, restoreFocus: true, callbacks: guard };

function element(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function applyOperations(content, operations) {
  const old = [...content.children];
  const kept = new Set();
  const wanted = [];
  for (const [kind, first, second] of operations) {
    if (kind === 'i') {
      wanted.push(element(first));
      continue;
    }
    for (let index = first; index < first + (kind === 'k' ? second : 1); index++) {
      kept.add(old[index]);
      wanted.push(old[index]);
    }
    if (kind === 'm') {
      const now = element(second);
      // A block of another kind takes the old one's place; one of the same kind becomes the new one.
      if (now.tagName === old[first].tagName) {
        Idiomorph.morph(old[first], now, { morphStyle: 'outerHTML', ...morphing });
      } else {
        wanted[wanted.length - 1] = now;
        kept.delete(old[first]);
      }
    }
  }
  for (const block of old) if (!kept.has(block)) block.remove();
  let next = content.firstElementChild;
  for (const block of wanted) {
    if (block === next) next = next.nextElementSibling;
    else content.insertBefore(block, next);
  }
}

function applyDocument(html) {
  const now = new DOMParser().parseFromString(html, 'text/html');
  document.title = now.title;
  document.body.className = now.body.className;
  const links = (root) => [...root.querySelectorAll('link[data-asset]')];
  for (const link of links(now)) {
    const same = links(document).find((known) => known.dataset.asset === link.dataset.asset);
    if (same) swapStyle(same, link.getAttribute('href'));
    else document.head.append(document.importNode(link));
  }
  for (const link of links(document)) {
    if (!links(now).some((known) => known.dataset.asset === link.dataset.asset)) link.remove();
  }
  Idiomorph.morph(document.body, now.body.innerHTML, { morphStyle: 'innerHTML', ...morphing });
}

// The old style stays until the new one is there: no flash.
function swapStyle(link, href) {
  if (link.getAttribute('href') === href) return;
  const next = link.cloneNode();
  next.href = href;
  next.onload = next.onerror = () => { link.remove(); painted('style'); };
  delete link.dataset.asset;
  link.after(next);
}

let asking = null;
let again = false;

// One question at a time; what comes meanwhile is asked once afterwards.
async function sync() {
  if (asking) { again = true; return asking; }
  asking = (async () => {
    do {
      again = false;
      try {
        await ask();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no answer: the stream comes back and asks again
      }
    } while (again);
  })();
  try { await asking; } finally { asking = null; }
}

async function ask() {
  const parameters = new URLSearchParams({ path: location.pathname, query: location.search, from: version });
  const response = await fetch('/_polder/patch?' + parameters, { cache: 'no-store' });
  if (!response.ok) return;
  const patch = await response.json();
  const began = performance.now();
  const content = document.getElementById('content');
  if (patch.ops && content) applyOperations(content, patch.ops);
  else if (patch.document) applyDocument(patch.document);
  document.documentElement.classList.remove('polder-waiting');
  if (patch.to) version = patch.to;
  show(patch.error ?? serverError);
  if (patch.ops || patch.document) painted('page', performance.now() - began);
}

function painted(what, milliseconds) {
  document.dispatchEvent(new CustomEvent('polder:changed', { detail: { what, version, milliseconds } }));
}

// ---- What a person sees of it: a dot, and what is wrong

const dot = document.createElement('output');
dot.id = 'polder-dot';
document.documentElement.append(dot);
let overlay = null;
let serverError = null;

function state(name, title) {
  dot.className = name;
  dot.title = title;
  dot.setAttribute('aria-label', title);
}

function show(error) {
  if (!error) {
    overlay?.remove();
    overlay = null;
    if (dot.className === 'broken') state('connected', 'live');
    return;
  }
  overlay ??= document.createElement('aside');
  overlay.id = 'polder-overlay';
  overlay.setAttribute('role', 'alert');
  overlay.replaceChildren();
  const add = (tag, text) => text && overlay.append(Object.assign(document.createElement(tag), { textContent: text }));
  add('strong', error.place);
  add('p', error.message);
  add('pre', error.source);
  document.documentElement.append(overlay);
  state('broken', 'a file is broken');
}

// ---- Events

let instance = null;

function handle([name, data]) {
  const event = JSON.parse(data);
  if (name === 'hello') {
    if (event.assets !== scriptAddress) return reload();
    instance = event.instance;
    dot.dataset.instance = instance;
    state(overlay ? 'broken' : 'connected', 'live');
    sync();
  } else if (name === 'page') {
    const path = decodeURI(location.pathname).replace(/(.)\/$/, '$1');
    if (event.paths.includes(path)) sync();
  } else if (name === 'css') {
    const link = [...document.querySelectorAll('link[data-asset]')].find((known) => known.dataset.asset === event.name);
    if (link) swapStyle(link, event.href);
  } else if (name === 'error') {
    serverError = event;
    show(event);
  } else if (name === 'ok') {
    serverError = null;
    show(null);
    sync();
  } else if (name === 'reload') {
    reload();
  } else if (name === 'bye' || name === 'lost') {
    state('waiting', 'waiting for the server');
  }
}

// Only a new script of Polder's own reloads the page; what was filled in is carried over.
function reload() {
  const fields = [...document.querySelectorAll('input,select,textarea')].map((field) =>
    field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.type === 'file' ? null : field.value);
  const opened = [...document.querySelectorAll('details')].map((part) => part.open);
  sessionStorage.setItem('polder', JSON.stringify({ address: location.href, x: scrollX, y: scrollY, fields, opened }));
  location.reload();
}

function restore() {
  const saved = JSON.parse(sessionStorage.getItem('polder') ?? 'null');
  sessionStorage.removeItem('polder');
  if (saved?.address !== location.href) return;
  document.querySelectorAll('input,select,textarea').forEach((field, index) => {
    const value = saved.fields[index];
    if (typeof value === 'boolean') field.checked = value;
    else if (typeof value === 'string') field.value = value;
  });
  document.querySelectorAll('details').forEach((part, index) => { part.open = saved.opened[index] ?? part.open; });
  scrollTo(saved.x, saved.y);
}

// ---- The stream: the first tab of a browser holds it, the others listen to that tab

const names = ['hello', 'page', 'css', 'error', 'ok', 'reload', 'bye'];
const channel = 'BroadcastChannel' in self ? new BroadcastChannel('polder') : null;
if (channel) channel.onmessage = (message) => handle(message.data);
let stream = null;
let release = null;
let delay = 100;

function tell(event) {
  channel?.postMessage(event);
  handle(event);
}

function connect() {
  stream = new EventSource('/_polder/live');
  for (const name of names) {
    stream.addEventListener(name, (event) => {
      delay = 100;
      tell([name, event.data]);
    });
  }
  stream.onerror = () => {
    tell(['lost', '{}']);
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(() => { if (release !== null || !navigator.locks) connect(); }, delay);
    delay = Math.min(2000, delay * 2);
  };
}

function lead() {
  if (!navigator.locks) { connect(); return; }
  navigator.locks.request('polder-live', () => new Promise((resolve) => {
    release = resolve;
    dot.dataset.leader = '';
    connect();
  }));
}

// A page that is put aside holds neither the stream nor the lock; when it comes back it asks what it missed.
addEventListener('pagehide', () => {
  stream?.close();
  stream = null;
  delete dot.dataset.leader;
  release?.();
  release = null;
});
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  lead();
  sync();
});

// ---- Inputs of a page: their truth is the address

function addressOf(form) {
  const values = new URLSearchParams(new FormData(form));
  const address = new URL(location.href);
  for (const name of new Set([...form.elements].map((field) => field.name).filter(Boolean))) {
    address.searchParams.delete(name);
    for (const value of values.getAll(name)) if (value !== '') address.searchParams.append(name, value);
  }
  return address;
}

let typing = 0;
addEventListener('input', (event) => {
  const form = event.target.closest?.('form[data-params]');
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => {
    history.replaceState(null, '', addressOf(form));
    pageAddress = location.pathname + location.search;
    document.documentElement.classList.add('polder-waiting');
    sync();
  }, event.target.matches('select,[type=checkbox],[type=radio]') ? 0 : 200);
});
addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-params]')) return;
  event.preventDefault();
  history.pushState(null, '', addressOf(event.target));
  sync();
});
addEventListener('popstate', () => {
  const address = location.pathname + location.search;
  if (address === pageAddress) return; // only the anchor differs
  pageAddress = address;
  sync();
});

restore();
state('waiting', 'waiting for the server');
lead();
sync();
