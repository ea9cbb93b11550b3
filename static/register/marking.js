// The register saves as it is tapped. Every tap is kept on the device first, then sent; each
// line shows whether it is saved, waits, or needs an answer. Without scripts the form has a button.
import * as lines from './lines.js'
import { Sender } from './sender.js'
import { addTap, keepPage, keepTap, removeTap } from './store.js'
import { show } from './overall.js'

const form = document.querySelector('[data-register]')

export class Marking {
  // page: { account, session, tapsUrl, newsUrl, csrf, tooOld, hasNewPeople }; afterSaving: what to do then.
  constructor(page, afterSaving = () => {}) {
    Object.assign(this, { page, afterSaving, touched: new Map() })
    this.sender = new Sender(page, this)
    form.addEventListener('change', (event) => this.#tapped(event))
    form.addEventListener('click', (event) => this.#agreed(event))
    form.addEventListener('submit', (event) => this.#filled(event))
    window.addEventListener('beforeunload', (event) => this.#warn(event))
    this.#takeUp()
    this.changed()
    this.sender.soon(0)
  }

  get isClosed() { return 'closed' in form.dataset }

  waitingFor(id) {
    return this.sender.waiting().filter((tap) => tap.participant === id)
  }

  // Whether news about somebody would be older than what was done here.
  isNewerThan(id, moment) {
    return this.waitingFor(id).length > 0 || (this.touched.get(id) || 0) > moment
  }

  // What the sender tells.
  saved(tap, saved) {
    const id = tap.participant
    this.afterSaving()
    if (!lines.line(id)) return
    this.touched.set(id, performance.now())
    lines.learn(id, saved)
    if (!this.waitingFor(id).length) lines.sign(id, 'saved')
  }

  asked(tap, asks) {
    const id = tap.participant
    if (!lines.line(id)) return
    this.touched.set(id, performance.now())
    lines.learn(id, asks)
    if (asks.why) {
      form.dataset.closed = ''
      lines.sign(id, '')
      lines.askWhy(id, asks.sentence, (reason) => this.#keep(id, tap, reason))
      return
    }
    lines.choose(id, { mark: asks.attendance, how: asks.how })
    lines.ask(id, `${asks.sentence} Tap a mark to decide.`)
    lines.sign(id, '')
  }

  refused(tap, problem) {
    if (!lines.line(tap.participant)) return
    lines.ask(tap.participant, problem)
    lines.sign(tap.participant, 'failed')
  }

  changed() {
    show(form, this.sender, this.page)
    const unmarked = lines.lines().filter((line) => !lines.chosen(line.dataset.person).mark)
    this.#offer('arrived', unmarked.some((line) => line.dataset.suggested))
    this.#offer('present', unmarked.some((line) => 'expected' in line.dataset))
    keepPage(this.page.account, this.page.session, lines.lines().map(person))
  }

  #offer(fill, isOffered) {
    const button = form.querySelector(`button[name="fill"][value="${fill}"]`)
    if (button) button.hidden = !isOffered
  }

  // Marks of before, that wait on the device since the page was closed.
  #takeUp() {
    for (const tap of this.sender.waiting()) {
      if (!lines.line(tap.participant)) continue
      lines.choose(tap.participant, tap)
      lines.sign(tap.participant, 'waiting')
    }
  }

  #tapped(event) {
    if (!event.target.name?.match(/^(mark|how)-/)) return
    const id = lines.idOf(event.target)
    if (event.target.name === `mark-${id}`) lines.choose(id, { mark: event.target.value, how: '' })
    this.mark(id)
  }

  // What was chosen for somebody is kept and sent, or first explained when the register is closed.
  mark(id) {
    const now = lines.chosen(id)
    const was = lines.known(id)
    this.touched.set(id, performance.now())
    this.#dropAsked(id)
    lines.ask(id, '')
    lines.stopAskingWhy(id)
    const isNew = now.mark !== was.mark || now.how !== was.how
    if (this.isClosed && was.mark && isNew) {
      lines.sign(id, '')
      lines.askWhy(id, '', (reason) => this.#keep(id, now, reason))
    } else {
      this.#keep(id, now)
    }
  }

  #keep(id, { mark, how }, reason = '') {
    this.#dropAsked(id)
    lines.ask(id, '')
    lines.stopAskingWhy(id)
    const unsent = this.waitingFor(id).find((tap) => !tap.isSent)
    const tap = { participant: id, mark, how, reason, seen: lines.known(id).seen }
    if (unsent) keepTap({ ...unsent, ...tap, at: Date.now() })
    else addTap(this.page.account, this.page.session, tap)
    lines.sign(id, 'waiting')
    this.changed()
    this.sender.soon()
  }

  // Whoever taps has read what was asked, and decides.
  #dropAsked(id) {
    this.waitingFor(id).filter((tap) => tap.asks || tap.problem).forEach(removeTap)
  }

  // Tapping the mark that somebody else set keeps it.
  #agreed(event) {
    if (event.target.type !== 'radio') return
    const id = lines.idOf(event.target)
    const was = lines.known(id)
    const isTheirs = event.target.value === was.mark && lines.chosen(id).how === was.how
    if (!isTheirs || !this.waitingFor(id).some((tap) => tap.asks)) return
    this.#dropAsked(id)
    lines.ask(id, '')
    lines.stopAskingWhy(id)
    lines.sign(id, 'saved')
    this.changed()
  }

  // "Everyone else present" and "as they came" are taps, one for each.
  #filled(event) {
    event.preventDefault()
    const fill = event.submitter?.name === 'fill' && event.submitter.value
    for (const line of lines.lines()) {
      const id = line.dataset.person
      const mark = fill === 'arrived' ? line.dataset.suggested : 'expected' in line.dataset && 'present'
      if (!fill || !mark || lines.chosen(id).mark) continue
      lines.choose(id, { mark, how: '' })
      this.mark(id)
    }
    this.sender.hurry()
  }

  #warn(event) {
    if (!this.sender.waiting().length) return
    event.preventDefault()
    event.returnValue = ''
  }
}

function person(line) {
  const id = line.dataset.person
  return {
    id,
    name: line.querySelector('.person__name').textContent,
    isExpected: 'expected' in line.dataset,
    ...lines.known(id)
  }
}
