// The people on the register, as the page shows them: which mark is chosen, whether it is saved,
// and what is asked.
const form = document.querySelector('[data-register]')

export const line = (id) => document.getElementById(`person-${id}`)
export const lines = () => [...form.querySelectorAll('[data-person]')]
export const idOf = (element) => element.closest('[data-person]').dataset.person

const field = (id, kind) => form.elements[`${kind}-${id}`]

// The mark that is chosen now; '' for none.
export function chosen(id) {
  const mark = field(id, 'mark').value
  return { mark, how: mark === 'caught_up' ? field(id, 'how').value : '' }
}

// The mark that the server is known to have, and when it was set.
export function known(id) {
  return { mark: field(id, 'was').value, how: field(id, 'was-how').value, seen: field(id, 'seen').value }
}

export function learn(id, { attendance, how, seen }) {
  field(id, 'was').value = attendance
  field(id, 'was-how').value = how
  field(id, 'seen').value = seen
}

export function choose(id, { mark, how }) {
  for (const [kind, value] of [['mark', mark], ['how', how]]) {
    for (const radio of line(id).querySelectorAll(`input[name="${kind}-${id}"]`)) {
      radio.checked = radio.value === value
    }
  }
}

// state: saved, waiting, failed or ''. `words` replace those of "saved".
export function sign(id, state, words = 'Saved') {
  const place = line(id).querySelector('.saved')
  place.dataset.state = state
  if (state === 'saved') place.querySelector('[data-words]').textContent = words
}

export function ask(id, sentence) {
  const place = line(id).querySelector('[data-asks]')
  place.hidden = !sentence
  place.textContent = sentence
}

// Asks why a mark changes, once the register is closed; `done` gets the reason.
export function askWhy(id, sentence, done) {
  const place = line(id).querySelector('[data-why]')
  const pattern = document.querySelector('[data-why-pattern]').content.cloneNode(true)
  const [label, input, button] = ['label', 'input', 'button'].map((tag) => pattern.querySelector(tag))
  label.htmlFor = input.id = `why-${id}`
  const finish = () => (input.value.trim() ? done(input.value) : input.focus())
  button.addEventListener('click', finish)
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    finish()
  })
  ask(id, sentence)
  place.replaceChildren(pattern)
  place.hidden = false
}

export function stopAskingWhy(id) {
  const place = line(id).querySelector('[data-why]')
  place.hidden = true
  place.replaceChildren()
}

export function suggest(id, { arrived, suggested }) {
  line(id).querySelector('[data-arrived]').textContent = arrived
  line(id).dataset.suggested = suggested
  for (const radio of line(id).querySelectorAll(`input[name="mark-${id}"]`)) {
    const isIt = !chosen(id).mark && radio.value === suggested
    radio.parentElement.classList.toggle('mark--suggested', isIt)
  }
}

// Changes the page while what is being tapped, or else what is in view, stays where it is.
export function withoutMoving(change) {
  const middle = (each) => Math.abs(each.getBoundingClientRect().top - window.innerHeight / 2)
  const still =
    form.querySelector('[data-person]:hover, [data-person]:focus-within') ||
    lines().sort((one, other) => middle(one) - middle(other))[0]
  const before = still.getBoundingClientRect().top
  change()
  const moved = still.getBoundingClientRect().top - before
  const isSeen = before > -still.offsetHeight && before < window.innerHeight
  if (moved && isSeen) window.scrollBy({ top: moved, behavior: 'instant' })
}
