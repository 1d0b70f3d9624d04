// A page of a case that is being read comes anew when the work is done, unless somebody is typing or looking at a fact; and a
// desk says who else has it open.
const desk = document.querySelector('[data-working]');
const isWorking = desk && Number(desk.dataset.working) > 0;
const here = document.getElementById('here');
if (isWorking || here) {
  const source = new EventSource(here ? `/events?case=${desk.dataset.case}` : '/events');
  let before = null;
  source.addEventListener('changed', (event) => {
    const isBusy = document.querySelector('.fact.chosen, input:focus, textarea:focus, details.edit[open]');
    if (isWorking && before !== null && !isBusy) location.reload();
    before = event.data;
  });
  source.addEventListener('here', (event) => {
    here.firstElementChild.textContent = event.data;
    here.hidden = false;
  });
  source.addEventListener('alone', () => { here.hidden = true; });
  window.addEventListener('pagehide', () => source.close());
}
document.querySelectorAll('textarea').forEach((area) => area.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.querySelector('button.go')?.click();
}));
