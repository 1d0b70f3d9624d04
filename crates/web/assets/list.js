// The worklist: j and k move, Enter opens, and rows come anew when something changed.
const rows = document.getElementById('rows');
let at = -1;
const all = () => [...rows.querySelectorAll('tbody tr')];

function mark(next) {
  const list = all();
  if (!list.length) return;
  at = Math.max(0, Math.min(list.length - 1, next));
  list.forEach((row, place) => row.classList.toggle('at', place === at));
  list[at].querySelector('a').focus({ preventScroll: true });
  list[at].scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'j') mark(at + 1);
  else if (event.key === 'k') mark(at - 1);
  else if (event.key === '/') { event.preventDefault(); document.getElementById('find').focus(); }
});

rows.addEventListener('click', (event) => {
  const row = event.target.closest('tr[data-href]');
  if (row && !event.target.closest('a, button')) location.assign(row.dataset.href);
});

if (rows.dataset.part) {
  let due = null;
  const source = new EventSource(rows.dataset.live);
  source.addEventListener('changed', () => {
    clearTimeout(due);
    due = setTimeout(async () => {
      const response = await fetch(rows.dataset.part, { headers: { accept: 'text/html' } });
      if (!response.ok || response.redirected) return;
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      rows.replaceChildren(...page.body.childNodes);
      if (at >= 0) all()[at]?.classList.add('at');
    }, 400);
  });
  window.addEventListener('pagehide', () => source.close());
}
