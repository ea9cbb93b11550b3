// The register's sign while a mark is on its way: "Saving", then what the
// server's answer shows, or "Not saved" when there was none.
(function () {
  function show(state) {
    return function (event) {
      var sign = event.target.querySelector && event.target.querySelector('.saved')
      if (sign) sign.dataset.state = state
    }
  }

  document.addEventListener('htmx:beforeRequest', show('waiting'))
  document.addEventListener('htmx:sendError', show('failed'))
  document.addEventListener('htmx:responseError', show('failed'))
  document.addEventListener('htmx:timeout', show('failed'))
})()
