// The page of an evening, with its network.
import './keys.js'
import { Marking } from './marking.js'
import { News } from './news.js'
import { purge } from './store.js'

const form = document.querySelector('[data-register]')
if (form) begin()

function begin() {
  const { account, taps: tapsUrl, news: newsUrl } = form.dataset
  const session = tapsUrl.split('/').at(-2)
  const csrf = form.elements.csrf_token.value
  const page = { account, session, tapsUrl, newsUrl, csrf, tooOld: purge(account) }
  form.querySelector('[data-save]').hidden = true
  for (const place of form.querySelectorAll('[data-without-scripts]')) place.hidden = true
  const marking = new Marking(page, () => news.soon(500))
  const news = new News(page, marking)
  keepShell()
}

// With it the browser opens the register again while the network is gone.
async function keepShell() {
  const says = document.querySelector('[data-worker-says]')
  const scope = form.dataset.worker.replace(/[^/]*$/, '')
  try {
    await navigator.serviceWorker.register(form.dataset.worker, { scope })
    says.textContent = 'The page opens again without the network.'
  } catch {
    says.textContent = 'This browser cannot open the page again without the network: keep it open.'
  }
}
