// One sentence at the foot of the page: whether everything is saved, and if not, what to do.
const HOURS = 'They stay on this device for twelve hours.'

export function show(form, sender, page) {
  const place = document.querySelector('[data-all-saved]')
  const waiting = sender.waiting()
  const [state, words] = said(waiting, sender.state, page)
  place.hidden = false
  place.dataset.state = state
  if (place.dataset.words !== words) {
    place.dataset.words = words
    place.textContent = words
    if (sender.state === 'out' && waiting.length) place.append(' ', signIn(form))
  }
}

function said(waiting, state, { tooOld, hasNewPeople }) {
  const asked = waiting.filter((tap) => tap.asks || tap.problem).length
  const left = waiting.length - asked
  const marks = left === 1 ? '1 mark waits' : `${left} marks wait`
  if (left && state === 'out') return ['failed', `You were signed out. ${marks} on this device.`]
  if (left && state === 'other') {
    return ['failed', `You are signed in as somebody who cannot send these. ${marks} for whoever tapped. ${HOURS}`]
  }
  if (left && state === 'network') return ['waiting', `No network. ${marks} on this device, to go when it is back.`]
  if (asked) return ['failed', `${asked} ${asked === 1 ? 'needs' : 'need'} your answer, above`]
  if (left) return ['waiting', `Saving ${left === 1 ? '1 mark' : `${left} marks`}`]
  if (tooOld) return ['failed', `${tooOld} ${tooOld === 1 ? 'mark' : 'marks'} of an earlier day never reached us and left this device. Look through the register.`]
  if (hasNewPeople) return ['waiting', 'Somebody new is on the register. Load the page again to see them.']
  return ['saved', 'Everything is saved']
}

function signIn(form) {
  const link = document.createElement('a')
  link.href = form.dataset.signIn
  link.target = '_blank'
  link.textContent = 'Sign in again (opens a new tab)'
  return link
}
