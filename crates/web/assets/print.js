// The button opens the browser's print; without this script the browser's menu does.
const button = document.getElementById('print');
button.hidden = false;
button.addEventListener('click', () => window.print());
