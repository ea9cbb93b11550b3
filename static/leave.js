// Leaves at once: a tap, or Esc three times within two seconds. The page is
// blanked first and replaced, so that "back" does not return to it. Without
// this script the button is an ordinary link.
(function () {
  var link = document.getElementById('leave')
  var presses = []

  function leave(event) {
    event.preventDefault()
    document.title = ' '
    document.documentElement.hidden = true
    window.location.replace(link.href)
  }

  function count(event) {
    if (event.key !== 'Escape') return
    presses = presses.concat(Date.now()).slice(-3)
    if (presses.length === 3 && presses[2] - presses[0] < 2000) leave(event)
  }

  // A page kept by the browser for "back" is fetched anew, never shown again.
  function refuseKept(event) {
    if (event.persisted) window.location.reload()
  }

  link.addEventListener('click', leave)
  document.addEventListener('keydown', count)
  window.addEventListener('pageshow', refuseKept)
})()
