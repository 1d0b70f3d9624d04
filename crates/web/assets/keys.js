// Keys that lead from page to page: g w the worklist, g d desk, g s sheet, g r reply, g h history.
let isGoing = false;
const to = { w: '/worklist', d: 'desk', s: 'sheet', r: 'reply', h: 'history' };
document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isGoing && to[event.key]) {
    const here = location.pathname.match(/^\/cases\/[^/]+\//);
    const next = to[event.key];
    if (next.startsWith('/') || here) location.assign(next.startsWith('/') ? next : here[0] + next);
  }
  isGoing = event.key === 'g';
});
