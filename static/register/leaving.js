// On every page of staff: what is too old, or was seen by somebody else, goes from this device;
// signing out takes everything of one's own along, and asks first when marks still wait.
import { forget, purge, waitingOf } from './store.js'

const account = document.body.dataset.account
purge(account)

const form = document.querySelector('[data-sign-out]')
if (form) {
  form.addEventListener('submit', (event) => {
    const count = waitingOf(account)
    const question = `${count} ${count === 1 ? 'mark has' : 'marks have'} not been sent yet. Sign out and lose ${count === 1 ? 'it' : 'them'}?`
    if (count && !window.confirm(question)) {
      event.preventDefault()
      return
    }
    // The server asks the browser to clear everything, unless somebody else's marks wait here.
    form.elements.keep.value = forget(account) ? '1' : ''
  })
}
