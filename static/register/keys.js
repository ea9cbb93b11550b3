// 1 to 6 mark whoever has the focus; within "How?", 1 to 3 say how they caught up.
document.querySelector('[data-register]').addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== 'radio') return
  const radios = [...event.target.closest('.marks').querySelectorAll('input[type="radio"]')]
  const radio = /^[1-9]$/.test(event.key) && radios[Number(event.key) - 1]
  if (!radio) return
  event.preventDefault()
  radio.focus()
  radio.click()
})
