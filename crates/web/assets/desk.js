// The reading desk: a click on either side lights the other; Tab, Enter, e, x and z do without a mouse; a box drawn over the
// page adds a fact. Without this script every fact is a link and every act a form.
const desk = document.querySelector('.desk');
const sheet = document.getElementById('sheet');
const side = desk.querySelector('.facts-side');
const addForm = document.getElementById('add-form');
const kept = new Map();
let now = Number(desk.dataset.now);
let zoom = 1;

const rows = () => [...side.querySelectorAll('.fact')];
const leaf = () => sheet?.querySelector('.leaf');
const chosen = () => side.querySelector('.fact.chosen');

async function show(page) {
  if (!sheet || page === now) return;
  const shown = kept.get(page) ?? await fetch(`/cases/${desk.dataset.case}/desk/${page}`).then((got) => (got.ok ? got.text() : null));
  if (!shown) return;
  kept.set(now, sheet.innerHTML);
  kept.set(page, shown);
  sheet.innerHTML = shown;
  now = page;
  document.getElementById('page-title').textContent = leaf().getAttribute('aria-label');
  desk.querySelectorAll('.strip a[data-page]').forEach((of) => {
    const isNow = Number(of.dataset.page) === page;
    of.toggleAttribute('aria-current', isNow);
    if (isNow) of.scrollIntoView({ block: 'nearest' });
  });
  size();
}

function light(key) {
  const boxes = [...(leaf()?.querySelectorAll('polygon[data-f]') ?? [])];
  boxes.forEach((box) => box.classList.toggle('lit', box.dataset.f === key));
  const lit = boxes.find((box) => box.dataset.f === key && box.classList.contains('value')) ?? boxes.find((box) => box.dataset.f === key);
  if (!lit) return;
  const box = lit.getBoundingClientRect(), room = sheet.getBoundingClientRect();
  sheet.scrollBy({ top: box.top - room.top - room.height / 3, left: box.left - room.left - room.width / 3 });
}

async function choose(row, { focus = true } = {}) {
  rows().forEach((other) => other.classList.toggle('chosen', other === row));
  if (!row) return light(null);
  row.closest('details').open = true;
  history.replaceState(null, '', `?fact=${row.id}`);
  if (focus) row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  if (row.dataset.page !== '') await show(Number(row.dataset.page));
  light(row.id);
}

side.addEventListener('click', (event) => {
  if (event.target.closest('.fact-more')) return;
  const row = event.target.closest('.fact');
  if (row) { event.preventDefault(); choose(row); }
});
sheet?.addEventListener('click', (event) => {
  const box = event.target.closest('polygon[data-f]');
  if (box) choose(document.getElementById(box.dataset.f));
});
desk.querySelector('.strip').addEventListener('click', (event) => {
  const link = event.target.closest('a[data-page]');
  if (link) { event.preventDefault(); choose(null); show(Number(link.dataset.page)); }
});

function step(by, isWanted = () => true) {
  const all = rows();
  const from = all.indexOf(chosen());
  for (let at = from + by; at >= 0 && at < all.length; at += by) if (isWanted(all[at])) return all[at];
  return null;
}
const isOpen = (row) => row.classList.contains('read');
const mustCheck = (row) => row.classList.contains('check');

// After an act the page comes anew with the next fact chosen.
side.addEventListener('submit', (event) => {
  const next = step(1, mustCheck) ?? step(1, isOpen);
  const field = event.target.elements.next;
  if (field && next && event.submitter?.value !== 'correct') field.value = next.id;
});

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.matches('input, textarea, select');
  if (event.key === 'Escape') {
    if (addForm && !addForm.hidden) return endAdding();
    chosen()?.querySelector('.edit')?.removeAttribute('open');
    return isTyping ? event.target.blur() : choose(null);
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = chosen();
  const act = (name) => row?.querySelector(`button[value=${name}]`)?.click();
  if (event.key === 'Tab' && (row || side.contains(event.target))) {
    const next = event.shiftKey ? step(-1, isOpen) : step(1, mustCheck) ?? step(1, isOpen);
    if (next) { event.preventDefault(); choose(next); }
  } else if (event.key === 'j' || event.key === 'ArrowDown') { const next = step(1); if (next) { event.preventDefault(); choose(next); } }
  else if (event.key === 'k' || event.key === 'ArrowUp') { const next = step(-1); if (next) { event.preventDefault(); choose(next); } }
  else if (event.key === 'Enter' && row && event.target === row) { event.preventDefault(); act('confirm'); }
  else if (event.key === 'x' && row) act('reject');
  else if (event.key === 'e' && row) { event.preventDefault(); const edit = row.querySelector('.edit'); edit.open = true; edit.querySelector('input, select').focus(); }
  else if (event.key === 'z') document.getElementById('undo-last')?.click();
});

function size() { const of = leaf(); if (of) of.style.width = `${zoom * 100}%`; }
for (const [id, by] of [['zoom-in', 1.25], ['zoom-out', 0.8]]) {
  const button = document.getElementById(id);
  if (!button) continue;
  button.hidden = false;
  button.addEventListener('click', () => { zoom = Math.min(6, Math.max(0.5, zoom * by)); size(); light(chosen()?.id); });
}

// ---- a box over the page adds a fact ----
const addButton = document.getElementById('add');
let from = null, drawn = null;

function point(event) {
  const plane = leaf().querySelector('g');
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
  return [at.x, at.y];
}
function endAdding() {
  addForm.hidden = true;
  drawn?.remove();
  drawn = null;
  sheet.classList.remove('drawing');
  addButton.setAttribute('aria-pressed', 'false');
}
if (addButton) {
  addButton.hidden = false;
  addButton.addEventListener('click', () => {
    const isOn = sheet.classList.toggle('drawing');
    addButton.setAttribute('aria-pressed', String(isOn));
    if (!isOn) endAdding();
  });
  sheet.addEventListener('pointerdown', (event) => {
    if (!sheet.classList.contains('drawing')) return;
    event.preventDefault();
    drawn?.remove();
    from = point(event);
    drawn = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    drawn.setAttribute('class', 'drawn');
    leaf().querySelector('g').append(drawn);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener('pointermove', (event) => {
    if (!from) return;
    const to = point(event);
    const [left, top] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
    const size = { x: left, y: top, width: Math.abs(to[0] - from[0]), height: Math.abs(to[1] - from[1]) };
    for (const [name, value] of Object.entries(size)) drawn.setAttribute(name, value);
  });
  sheet.addEventListener('pointerup', () => {
    if (!from) return;
    from = null;
    const get = (name) => Number(drawn.getAttribute(name) ?? 0);
    if (get('width') < 4 || get('height') < 4) return;
    addForm.elements.area.value = [get('x'), get('y'), get('x') + get('width'), get('y') + get('height')].map((of) => of.toFixed(1)).join(',');
    addForm.elements.place.value = leaf().dataset.place;
    addForm.elements.page.value = leaf().dataset.page;
    addForm.hidden = false;
    document.getElementById('concept').focus();
  });
  document.getElementById('add-cancel').addEventListener('click', endAdding);
  addForm.addEventListener('submit', () => {
    const typed = document.getElementById('concept').value.match(/\[([^\]]+)\]\s*$/);
    addForm.querySelector('input[type=hidden][name=concept]').value = typed ? typed[1] : document.getElementById('concept').value;
  });
}

const first = chosen();
if (first) choose(first); else size();
