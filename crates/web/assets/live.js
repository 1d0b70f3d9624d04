// A page of a case that is being read comes anew when the work is done, unless somebody is typing or looking at a fact.
const desk = document.querySelector('[data-working]');
if (desk && Number(desk.dataset.working) > 0) {
  const source = new EventSource('/events');
  let before = null;
  source.addEventListener('changed', (event) => {
    const isBusy = document.querySelector('.fact.chosen, input:focus, textarea:focus, details.edit[open]');
    if (before !== null && !isBusy) location.reload();
    before = event.data;
  });
  window.addEventListener('pagehide', () => source.close());
}
document.querySelectorAll('textarea').forEach((area) => area.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.querySelector('button.go')?.click();
}));
