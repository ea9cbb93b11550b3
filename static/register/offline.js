// The register without the network: names and marks come from the device, and what is tapped
// waits on it. Once the network is back the marks go from here too.
import { pageOf, purge } from './store.js'

const address = window.location.pathname
const session = address.split('/').at(-1)
purge('')
const kept = pageOf(session)
if (kept) begin()

async function begin() {
  const form = document.querySelector('[data-register]')
  document.querySelector('[data-nothing]').hidden = true
  kept.people.forEach((person) => form.append(drawn(person)))
  await import('./keys.js')
  const { Marking } = await import('./marking.js')
  const page = {
    account: kept.account,
    session,
    tapsUrl: `${address}/taps`,
    newsUrl: `${address}/news`,
    csrf: ''
  }
  new Marking(page)
}

// The pattern with one person's name and mark in it.
function drawn({ id, name, isExpected, mark, how, seen }) {
  const line = document.querySelector('[data-person-pattern]').content.cloneNode(true).firstElementChild
  const values = { was: mark, 'was-how': how, seen }
  line.id = `person-${id}`
  line.dataset.person = id
  if (!isExpected) delete line.dataset.expected
  line.querySelector('.saved').dataset.state = mark ? 'saved' : ''
  for (const place of line.querySelectorAll('[data-name]')) place.textContent = name
  for (const input of line.querySelectorAll('input')) {
    input.name = input.name.replace(/-0$/, `-${id}`)
    const kind = input.name.slice(0, input.name.lastIndexOf('-'))
    if (input.type === 'hidden') input.value = values[kind]
    else input.checked = input.value === (kind === 'mark' ? mark : how)
  }
  return line
}
