// What others marked, who came and who cannot get in: asked for every 15 seconds while the page
// is seen, and drawn without moving what is being tapped.
import * as lines from './lines.js'
import { askNews } from './sender.js'

const EVERY = 15000

export class News {
  constructor(page, marking) {
    Object.assign(this, { page, marking, timer: null, isAsking: false })
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.ask()))
    this.soon(EVERY)
  }

  stop() { window.clearTimeout(this.timer) }

  soon(milliseconds = EVERY) {
    this.stop()
    if (!document.hidden) this.timer = window.setTimeout(() => this.ask(), milliseconds)
  }

  async ask() {
    if (this.isAsking) return
    this.isAsking = true
    this.stop()
    const asked = performance.now()
    const news = await askNews(this.page)
    this.isAsking = false
    this.soon()
    if (String(news.account) !== this.page.account) return
    this.page.csrf = news.csrf
    lines.withoutMoving(() => this.#draw(news, asked))
    this.marking.changed()
  }

  #draw(news, asked) {
    const form = document.querySelector('[data-register]')
    if (news.closed) form.dataset.closed = ''
    for (const each of news.lines) {
      const id = String(each.participant)
      if (!lines.line(id)) {
        this.page.hasNewPeople = true
        continue
      }
      lines.suggest(id, each)
      if (!this.marking.isNewerThan(id, asked)) this.#mark(id, each)
    }
    for (const [name, html] of Object.entries(news.pieces)) this.#piece(name, html)
  }

  // Nothing is drawn over a change that waits for its reason.
  #mark(id, each) {
    const was = lines.known(id)
    if (was.seen === each.seen || lines.chosen(id).mark !== was.mark) return
    lines.learn(id, each)
    lines.choose(id, { mark: each.attendance, how: each.how })
    lines.sign(id, 'saved', each.said)
  }

  // A piece in which somebody's focus is stays as it is until they have gone on.
  #piece(name, html) {
    const place = document.querySelector(`[data-piece="${name}"]`)
    if (!place || place.contains(document.activeElement) || place.dataset.drawn === html) return
    place.dataset.drawn = html
    place.innerHTML = html
  }
}
