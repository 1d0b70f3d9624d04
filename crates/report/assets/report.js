// Everything can be read without this script. It adds: a click on a value opens the page with its place lit, a click
// on a cell of the table opens the answer beside it, and a filter over the facts.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const places = JSON.parse(byId('places').textContent);
  const panel = byId('panel');
  const card = byId('card');
  const figures = [...document.querySelectorAll('figure[data-d]')];
  const isFact = (id) => Object.hasOwn(places, id);
  let opener = null;
  let current = { fact: null, place: null, figure: null, isLarge: false };

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function reveal(id) {
    const target = id && byId(id);
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS') at.open = true;
    }
    return target;
  }

  // ---- the panel with the page ----

  function openPanel(fact, from) {
    const row = byId(fact);
    const found = places[fact];
    if (panel.hidden) opener = from || row;
    document.querySelectorAll('tr.chosen').forEach((other) => other.classList.remove('chosen'));
    if (row) row.classList.add('chosen');
    byId('panel-title').textContent = row ? row.querySelector('th').textContent : fact;
    byId('panel-value').textContent = row ? row.querySelector('.value').innerText : '';
    panel.hidden = false;
    document.body.classList.add('beside');
    const first = found.find((place) => place.r === 'value') || found[0] || null;
    current = { ...current, fact };
    listPlaces(found);
    showPlace(first);
    byId('panel-title').focus({ preventScroll: true });
  }

  function closePanel() {
    panel.hidden = true;
    document.body.classList.remove('beside');
    if (isFact(location.hash.slice(1))) {
      history.replaceState(null, '', location.pathname + location.search);
    }
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  function listPlaces(found) {
    const list = byId('panel-places');
    list.replaceChildren(...found.map((place) => {
      const figure = figureOf(place.d, place.p);
      const quote = element('q', { textContent: place.q });
      quote.lang = /\p{Script=Han}/u.test(place.q) ? 'zh-Hans' : 'en';
      const where = figure ? figure.dataset.title.split(' · ')[0] : '';
      const role = element('span', { className: 'role', textContent: list.dataset[place.r] });
      const button = element('button', { type: 'button' }, role, ' ', quote, ' ', element('small', { textContent: where }));
      button.addEventListener('click', () => showPlace(place));
      return element('li', {}, button);
    }));
  }

  function figureOf(document_, page) {
    return figures.find((figure) => +figure.dataset.d === document_ && +figure.dataset.p === page);
  }

  function showPlace(place) {
    current.place = place;
    current.figure = place ? figureOf(place.d, place.p) : null;
    const index = place ? places[current.fact].indexOf(place) : -1;
    [...byId('panel-places').children].forEach((item, at) => {
      item.firstChild.setAttribute('aria-current', String(at === index));
    });
    draw();
  }

  function turnPage(step) {
    const { figure } = current;
    if (!figure) return;
    const siblings = figures.filter((other) => other.dataset.d === figure.dataset.d);
    const next = siblings[siblings.indexOf(figure) + step];
    if (next) {
      current.figure = next;
      draw();
    }
  }

  function draw() {
    const { figure } = current;
    const sheet = byId('panel-sheet');
    const crop = byId('panel-crop');
    sheet.replaceChildren();
    crop.replaceChildren();
    crop.hidden = true;
    byId('panel-none').hidden = Boolean(figure);
    sheet.hidden = !figure;
    panel.querySelector('.turn').hidden = !figure;
    if (!figure) return;
    const siblings = figures.filter((other) => other.dataset.d === figure.dataset.d);
    const at = siblings.indexOf(figure);
    byId('panel-back').disabled = at === 0;
    byId('panel-on').disabled = at === siblings.length - 1;
    byId('panel-page').textContent = `${figure.dataset.title} (${at + 1}/${siblings.length})`;
    const here = places[current.fact].filter((place) => place.d === +figure.dataset.d && place.p === +figure.dataset.p);
    const hasImage = Boolean(figure.querySelector('img'));
    byId('panel-zoom').hidden = !hasImage;
    if (hasImage) drawImage(figure, here, sheet, crop);
    else drawText(figure, here, sheet);
  }

  // A page photographed sideways is shown upright: these turn the picture and its boxes together.
  function geometry(figure) {
    const [w, h, turn] = [+figure.dataset.w, +figure.dataset.h, +figure.dataset.turn];
    const point = {
      90: ([x, y]) => [y, w - x],
      180: ([x, y]) => [w - x, h - y],
      270: ([x, y]) => [h - y, x],
    }[turn] || ((corner) => corner);
    const transform = {
      90: `translate(0px, ${w}px) rotate(-90deg)`,
      180: `translate(${w}px, ${h}px) rotate(180deg)`,
      270: `translate(${h}px, 0px) rotate(90deg)`,
    }[turn] || '';
    return { w, h, point, transform, size: turn % 180 ? [h, w] : [w, h] };
  }

  const corners = (box) => [0, 2, 4, 6].map((at) => [box[at], box[at + 1]]);

  function plane(figure, here, scale, left, top) {
    const { w, h, transform } = geometry(figure);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${w} ${h}`);
    for (const place of here) {
      for (const box of place.b) {
        const polygon = document.createElementNS('http://www.w3.org/2000/svg', 'polygon');
        polygon.setAttribute('points', corners(box).map((corner) => corner.join(',')).join(' '));
        polygon.setAttribute('class', `lit ${place.r}${place === current.place ? ' now' : ''}`);
        svg.append(polygon);
      }
    }
    const made = element('div', { className: 'plane' });
    const image = element('img', { src: figure.querySelector('img').src, alt: figure.dataset.title });
    made.style.width = image.style.width = `${w}px`;
    made.style.height = image.style.height = `${h}px`;
    made.style.transform = `translate(${-left * scale}px, ${-top * scale}px) scale(${scale}) ${transform}`;
    made.append(image, svg);
    return made;
  }

  function bounds(figure, place) {
    const { point } = geometry(figure);
    const all = place.b.flatMap(corners).map(point);
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  function drawImage(figure, here, sheet, crop) {
    const { size: [width] } = geometry(figure);
    const { size } = geometry(figure);
    const fitting = (sheet.clientWidth - 2) / width;
    const scale = current.isLarge ? Math.max(1, fitting * 1.6) : fitting;
    const holder = element('div', { className: 'holder' });
    holder.style.width = `${size[0] * scale}px`;
    holder.style.height = `${size[1] * scale}px`;
    holder.append(plane(figure, here, scale, 0, 0));
    sheet.append(holder);
    const place = here.includes(current.place) ? current.place : here[0];
    if (!place || !place.b.length) return;
    const [left, top, right, bottom] = bounds(figure, place);
    sheet.scrollTop = top * scale - sheet.clientHeight / 3;
    sheet.scrollLeft = left * scale - sheet.clientWidth / 4;

    // The lit words once more, large enough to compare with what was read.
    crop.hidden = false;
    const margin = Math.max(14, (bottom - top) * 0.7);
    const room = crop.clientWidth;
    const large = Math.min(38 / (bottom - top), room / (right - left + 2 * margin), 3);
    const from = Math.max(0, Math.min(left - margin * 2, size[0] - room / large));
    crop.style.height = `${Math.min(150, (bottom - top + 2 * margin) * large)}px`;
    crop.append(plane(figure, here, large, from, Math.max(0, top - margin)));
  }

  function drawText(figure, here, sheet) {
    const lines = figure.querySelector('ol.lines').cloneNode(true);
    for (const place of here) {
      const line = lines.children[place.l] && lines.children[place.l].firstChild;
      if (!line || line.querySelector('mark')) continue;
      const signs = Array.from(line.textContent);
      const [from, to] = place.s;
      line.replaceChildren(
        signs.slice(0, from).join(''),
        element('mark', { className: place.r, textContent: signs.slice(from, to).join('') }),
        signs.slice(to).join(''),
      );
    }
    sheet.append(lines);
    const lit = lines.querySelector('mark');
    if (lit) sheet.scrollTop = lit.offsetTop - sheet.clientHeight / 3;
  }

  // ---- the card beside a cell ----

  function openCard(link) {
    const findings = link.dataset.c.split(' ').map(byId).filter(Boolean);
    const set = link.closest('tr').querySelector('th');
    const close = element('button', { type: 'button', className: 'close', textContent: card.dataset.close });
    close.addEventListener('click', closeCard);
    const head = element('header', {}, element('b', { textContent: set.textContent }), close);
    const bodies = findings.map((finding) => element('div', { className: finding.className }, ...finding.cloneNode(true).childNodes));
    const more = element('a', { href: `#${findings[0].id}`, textContent: card.dataset.open });
    more.addEventListener('click', closeCard);
    card.replaceChildren(head, ...bodies, element('p', {}, more));
    card.hidden = false;
    opener = link;
    const cell = link.getBoundingClientRect();
    const isNarrow = window.innerWidth < 640;
    const left = Math.max(8, Math.min(cell.left, document.documentElement.clientWidth - card.offsetWidth - 12));
    const isLow = cell.bottom + card.offsetHeight + 12 > window.innerHeight && cell.top > card.offsetHeight;
    card.style.left = isNarrow ? '0' : `${left + window.scrollX}px`;
    card.style.top = isNarrow ? '' : `${window.scrollY + (isLow ? cell.top - card.offsetHeight - 6 : cell.bottom + 6)}px`;
    close.focus({ preventScroll: true });
  }

  function closeCard() {
    if (card.hidden) return;
    card.hidden = true;
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  // ---- clicks, keys, links ----

  document.addEventListener('click', (event) => {
    const fact = event.target.closest('a[data-f]');
    const cell = event.target.closest('a[data-c]');
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!card.hidden && !card.contains(event.target)) closeCard();
    if (fact && isFact(fact.dataset.f)) {
      event.preventDefault();
      const hash = `#${fact.dataset.f}`;
      if (location.hash !== hash) history.pushState(null, '', hash);
      openPanel(fact.dataset.f, fact);
    } else if (cell) {
      event.preventDefault();
      openCard(cell);
    }
  });

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
    if (event.key === 'Escape') {
      if (!card.hidden) closeCard();
      else if (!panel.hidden) closePanel();
    } else if (!panel.hidden && !isTyping && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      turnPage(event.key === 'ArrowLeft' ? -1 : 1);
    }
  });

  panel.querySelector('.close').addEventListener('click', closePanel);
  byId('panel-back').addEventListener('click', () => turnPage(-1));
  byId('panel-on').addEventListener('click', () => turnPage(1));
  byId('panel-zoom').addEventListener('click', (event) => {
    current.isLarge = !current.isLarge;
    event.currentTarget.setAttribute('aria-pressed', String(current.isLarge));
    draw();
  });
  window.addEventListener('resize', () => { if (!panel.hidden) draw(); });

  function follow() {
    const id = location.hash.slice(1);
    const target = reveal(id);
    if (isFact(id)) {
      openPanel(id, null);
      if (target) target.scrollIntoView({ block: 'center' });
    } else {
      if (!panel.hidden) closePanel();
      if (target) target.scrollIntoView();
    }
  }
  window.addEventListener('hashchange', follow);
  window.addEventListener('popstate', follow);
  window.addEventListener('beforeprint', () => {
    document.querySelectorAll('details.fact-group, details.set-group:not(.not_applicable), details.in-words')
      .forEach((details) => { details.open = true; });
  });

  // ---- the filter over the facts ----

  const filter = byId('filter');
  filter.closest('p').hidden = false;
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const group of document.querySelectorAll('.fact-group')) {
      const rows = [...group.querySelectorAll('tbody tr')];
      const kept = rows.filter((row) => row.textContent.toLowerCase().includes(wanted));
      rows.forEach((row) => { row.hidden = !kept.includes(row); });
      group.hidden = kept.length === 0;
      if (wanted) group.open = true;
      shown += kept.length;
    }
    const count = byId('filter-count');
    count.textContent = wanted ? count.dataset.words.replace('{count}', shown) : '';
  });

  follow();
})();
