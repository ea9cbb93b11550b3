// The register saves as it is tapped. Each mark waits half a second (so that the arrow keys
// can pass over others), then goes to the server, one after the other and in order. Each line
// shows whether it is saved, waiting or not saved. Without this script the form has a button.
(function () {
  var form = document.querySelector('[data-register]')
  if (!form || !window.fetch) return

  var SETTLE = 500
  var LONGEST_PAUSE = 30000
  var saveButton = form.querySelector('[data-save]')
  var overall = form.querySelector('[data-all-saved]')
  var waiting = new Map()
  var sending = null
  var pause = 1000
  var timer = null

  function person(id) { return document.getElementById('person-' + id) }
  function field(id, kind) { return form.elements[kind + '-' + id] }

  function show(id, state) {
    person(id).querySelector('.saved').dataset.state = state
    sum()
  }

  function sum() {
    var left = waiting.size + (sending ? 1 : 0)
    var failed = form.querySelectorAll('.saved[data-state="failed"]').length
    overall.hidden = false
    overall.dataset.state = failed ? 'failed' : left ? 'waiting' : 'saved'
    overall.textContent = failed
      ? failed + ' not saved. Sign in again in another tab if you were signed out, then load this page again.'
      : left ? left + ' waiting to be saved' : 'Everything is saved'
    saveButton.hidden = !failed
  }

  function ask(id, sentence) {
    var place = person(id).querySelector('[data-asks]')
    place.hidden = !sentence
    place.textContent = sentence ? sentence + ' Tap a mark to decide.' : ''
  }

  function changed(event) {
    var id = event.target.closest('[data-person]').dataset.person
    waiting.set(id, event.target.value)
    ask(id, '')
    show(id, 'waiting')
    soon(SETTLE)
  }

  // Tapping the mark that somebody else set keeps it.
  function agreed(event) {
    var line = event.target.name && event.target.closest('[data-person]')
    if (line && !waiting.has(line.dataset.person)) ask(line.dataset.person, '')
  }

  function soon(milliseconds) {
    window.clearTimeout(timer)
    timer = window.setTimeout(next, milliseconds)
  }

  function next() {
    if (sending || !waiting.size) return
    var id = waiting.keys().next().value
    sending = { id: id, value: waiting.get(id) }
    waiting.delete(id)
    send(id, sending.value).then(done, function (error) { failed(id, error) })
  }

  function send(id, value) {
    var body = new URLSearchParams()
    body.set('csrf_token', form.elements.csrf_token.value)
    body.set('mark-' + id, value)
    body.set('was-' + id, field(id, 'was').value)
    body.set('seen-' + id, field(id, 'seen').value)
    var headers = { Accept: 'application/json' }
    return fetch(form.action, { method: 'POST', body: body, headers: headers, redirect: 'manual' })
      .then(function (answer) {
        if (answer.ok) return answer.json()
        // A redirect leads to signing in: the session is over.
        throw { refused: answer.type === 'opaqueredirect' || answer.status < 500 }
      })
  }

  function done(answer) {
    var id = sending.id
    var tapped = sending.value
    sending = null
    pause = 1000
    answer.saved.forEach(function (mark) { learn(mark) })
    answer.conflicts.forEach(function (mark) { learn(mark); choose(mark) })
    // Tapped back to what the server already had: nothing was sent to change.
    if (waiting.has(String(id))) show(id, 'waiting')
    else show(id, answer.conflicts.length ? '' : 'saved')
    if (tapped && waiting.size) soon(0)
    else sum()
  }

  function learn(mark) {
    field(mark.participant, 'was').value = mark.attendance
    field(mark.participant, 'seen').value = mark.seen
  }

  function choose(mark) {
    ask(mark.participant, mark.sentence)
    var theirs = form.querySelector(
      'input[name="mark-' + mark.participant + '"][value="' + mark.attendance + '"]'
    )
    if (!waiting.has(String(mark.participant))) theirs.checked = true
  }

  function failed(id, error) {
    var value = sending.value
    sending = null
    if (error && error.refused) {
      show(id, 'failed')
      if (waiting.size) soon(0)
      return
    }
    if (!waiting.has(id)) waiting.set(id, value)
    show(id, 'waiting')
    soon(pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  }

  function warn(event) {
    if (!waiting.size && !sending) return
    event.preventDefault()
    event.returnValue = ''
  }

  form.addEventListener('change', changed)
  form.addEventListener('click', agreed)
  form.addEventListener('submit', function () {
    window.clearTimeout(timer)
    window.removeEventListener('beforeunload', warn)
  })
  window.addEventListener('online', function () { pause = 1000; soon(0) })
  window.addEventListener('beforeunload', warn)
  saveButton.hidden = true
})()
