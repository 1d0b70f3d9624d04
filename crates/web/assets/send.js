// Sends files as they are chosen, in pieces, each kept before the next; goes on after the network was away. Without this
// script the form sends everything at once.
const form = document.getElementById('send');
const input = document.getElementById('files');
const cards = document.getElementById('cards');
const problem = document.getElementById('problem');
const go = document.getElementById('go');
const going = document.getElementById('going');
const words = (key) => form.getAttribute(`data-w-${key}`);
const PIECE = 1024 * 1024;
const LARGEST = 50 * 1024 * 1024;
const link = form.action.match(/\/status\/([0-9a-f]+)\/add/);
document.documentElement.classList.add('scripted');

let upload = null;
let number = 0;
const files = new Map();

function begin() {
  upload ??= ask(`/send/begin${link ? `?link=${link[1]}` : ''}`, { method: 'POST' }).then((begun) => begun.upload);
  // A beginning that failed is begun anew by the next file.
  upload.catch(() => { upload = null; });
  return upload;
}

// Tries again while the network is away; what the server refuses is not tried again.
async function ask(address, options, tries = 60) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 15000)) {
    try {
      const response = await fetch(address, { ...options, headers: { accept: 'application/json', ...options.headers } });
      if (response.status >= 500 || response.status === 429) throw new TypeError(String(response.status));
      const body = response.status === 204 ? null : await response.json();
      if (!response.ok) throw Object.assign(new Error(body.why || body.error), { isRefused: true });
      return body;
    } catch (error) {
      if (error.isRefused || --tries <= 0) throw error;
      going.textContent = words('offline');
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

function card(file, id) {
  const item = document.createElement('li');
  item.className = 'file';
  const thumb = document.createElement('canvas');
  thumb.className = 'thumb';
  thumb.width = thumb.height = 104;
  const name = document.createElement('b');
  name.textContent = file.name;
  const bar = document.createElement('progress');
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  const what = document.createElement('span');
  what.className = 'what';
  what.textContent = words('waiting');
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.textContent = words('remove');
  remove.addEventListener('click', () => take(id));
  item.append(thumb, name, bar, what, remove);
  cards.append(item);
  return { item, thumb, bar, what };
}

async function take(id) {
  const held = files.get(id);
  held.isGone = true;
  held.parts.item.remove();
  files.delete(id);
  if (upload) await gone(await upload.catch(() => null), id);
}

// A small look at a photo: how dark it is, and how sharp its edges are.
async function look(file, parts) {
  if (!file.type.startsWith('image/')) return;
  let picture;
  try {
    picture = await createImageBitmap(file, { resizeWidth: 900, resizeQuality: 'medium' });
  } catch {
    return; // a form that this browser does not show, such as HEIC; it is sent all the same
  }
  const pen = parts.thumb.getContext('2d');
  const side = Math.min(picture.width, picture.height);
  pen.drawImage(picture, (picture.width - side) / 2, 0, side, side, 0, 0, 104, 104);
  const plane = new OffscreenCanvas(picture.width, picture.height);
  const brush = plane.getContext('2d', { willReadFrequently: true });
  brush.drawImage(picture, 0, 0);
  const { data, width, height } = brush.getImageData(0, 0, picture.width, picture.height);
  const grey = new Float32Array(width * height);
  let light = 0;
  for (let at = 0; at < grey.length; at++) {
    grey[at] = 0.3 * data[4 * at] + 0.59 * data[4 * at + 1] + 0.11 * data[4 * at + 2];
    light += grey[at];
  }
  light /= grey.length;
  let sum = 0, squares = 0, count = 0;
  for (let y = 1; y < height - 1; y += 2) {
    for (let x = 1; x < width - 1; x += 2) {
      const at = y * width + x;
      const edge = 4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - width] - grey[at + width];
      sum += edge; squares += edge * edge; count++;
    }
  }
  const sharp = squares / count - (sum / count) ** 2;
  const said = light < 60 ? words('dark') : sharp < 18 ? words('blurred') : null;
  if (said) {
    const note = document.createElement('span');
    note.className = 'quality';
    note.textContent = said;
    parts.what.after(note);
  }
}

// A piece may have come after the file was taken out.
const gone = (token, id) => ask(`/send/${token}/${id}`, { method: 'DELETE' }, 3).catch(() => {});

async function send(file, id, parts) {
  const held = files.get(id);
  const query = (offset) => `name=${encodeURIComponent(file.name)}&size=${file.size}&offset=${offset}`;
  try {
    const token = await begin();
    parts.what.textContent = words('sending');
    for (let kept = 0; kept < file.size || file.size === 0;) {
      if (held.isGone) return await gone(token, id);
      const piece = file.slice(kept, kept + PIECE);
      const done = await ask(`/send/${token}/${id}?${query(kept)}`, { method: 'PUT', body: piece, headers: { 'content-type': 'application/octet-stream' } });
      kept = done.kept;
      parts.bar.value = kept;
      going.textContent = '';
      if (file.size === 0) break;
    }
    if (held.isGone) return await gone(token, id);
    held.isKept = true;
    parts.item.classList.add('kept');
    parts.what.textContent = words('kept');
  } catch (error) {
    held.isFailed = true;
    parts.item.classList.add('failed');
    parts.what.textContent = `${words('failed')} ${error.isRefused ? error.message : ''}`;
  }
}

function choose(chosen) {
  for (const file of chosen) {
    const id = number++;
    const parts = card(file, id);
    if (file.size > LARGEST || file.size === 0) {
      parts.item.classList.add('failed');
      parts.what.textContent = words(file.size ? 'large' : 'empty');
      files.set(id, { file, parts, isFailed: true });
      continue;
    }
    const held = { file, parts };
    files.set(id, held);
    look(file, parts);
    // One after the other: a telephone's network carries one best, and the first photo is safe first.
    queue = queue.then(() => (held.isGone ? null : send(file, id, parts)));
  }
}
let queue = Promise.resolve();

input.addEventListener('change', () => { choose(input.files); input.value = ''; });
const area = form.querySelector('.big');
area.addEventListener('dragover', (event) => event.preventDefault());
area.addEventListener('drop', (event) => { event.preventDefault(); choose(event.dataTransfer.files); });

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.hidden = true;
  if (![...files.values()].some((held) => !held.isFailed)) {
    problem.textContent = words('none');
    problem.hidden = false;
    problem.scrollIntoView({ block: 'center' });
    return;
  }
  go.disabled = true;
  going.textContent = words('going');
  try {
    await queue;
    // What could not be sent is said before anything is received, never after.
    if ([...files.values()].some((held) => held.isFailed)) throw new Error(words('some'));
    const data = new FormData(form);
    data.delete('files');
    data.set('wanted', [...files].filter(([, held]) => held.isKept).map(([id]) => id).join(','));
    const response = await fetch(`/send/${await begin()}`, { method: 'POST', body: data });
    if (response.redirected) {
      location.assign(response.url);
      return;
    }
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (response.ok) {
      document.querySelector('main').replaceWith(document.adoptNode(page.querySelector('main')));
      document.title = page.title;
      window.scrollTo(0, 0);
      window.onbeforeunload = null;
      return;
    }
    const said = page.querySelector('.said, .alarm');
    throw new Error(said ? said.textContent : words('failed'));
  } catch (error) {
    problem.textContent = error.message || words('failed');
    problem.hidden = false;
    problem.scrollIntoView({ block: 'center' });
  }
  going.textContent = '';
  go.disabled = false;
});
