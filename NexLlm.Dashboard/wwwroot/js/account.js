// The static account pages: show a typed password, count its characters, and bring what went wrong into focus.
document.addEventListener('click', event => {
  const button = event.target.closest('[data-reveal]');
  if (!button) return;
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === 'password';
  input.type = shown ? 'text' : 'password';
  button.setAttribute('aria-pressed', shown);
  button.textContent = shown ? 'Hide' : 'Show';
});

// A password left readable would be offered by the browser's form history.
document.addEventListener('submit', event => {
  for (const button of event.target.querySelectorAll('[data-reveal]')) {
    document.getElementById(button.dataset.reveal).type = 'password';
  }
});

// Recovery codes, to be kept as a file or on paper. No request leaves the page.
document.addEventListener('click', event => {
  const download = event.target.closest('[data-download]');
  if (download) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([download.dataset.text], { type: 'text/plain' }));
    link.download = download.dataset.download;
    link.click();
    URL.revokeObjectURL(link.href);
  } else if (event.target.closest('[data-print]')) {
    print();
  }
});

// As the server counts: composed, and by code points.
for (const counter of document.querySelectorAll('[data-counts]')) {
  const input = document.getElementById(counter.dataset.counts);
  const least = Number(counter.dataset.least);
  const count = () => {
    const length = [...input.value.normalize()].length;
    counter.hidden = length === 0;
    counter.classList.toggle('enough', length >= least);
    counter.textContent = length < least ? `${length} / ${least}` : `✓ ${length} characters`;
  };
  input.addEventListener('input', count);
  count();
}

// Behind a proxy that the server does not know, it believes in another scheme than the browser uses.
const scheme = document.querySelector('[data-scheme]');
if (scheme && location.protocol !== `${scheme.dataset.scheme}:`) scheme.hidden = false;

document.querySelector('[data-focus]')?.focus();
