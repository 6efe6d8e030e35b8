/* Streamlit speaks English in its own frame. The page says that it is Japanese, and the few words of the frame that a
   reader meets (on screen or by screen reader) are put into Japanese as they appear. Our own parts are left alone. */
const WORDS = {
  "App pages": "画面の一覧",
  "Skip to main content": "本文へ移る",
  "Sidebar": "画面の一覧",
  "Expand sidebar": "画面の一覧を開く",
  "Collapse sidebar": "画面の一覧を閉じる",
  "Open": "選択肢を開く",
  "Close": "閉じる",
  "Clear value": "選択を消す",
  "Clear all": "すべての選択を消す",
  "Select all": "すべて選ぶ",
  "Dismiss": "閉じる",
  "Selected values": "選んだもの",
  "Choose an option": "選んでください",
  "No results": "見つかりません",
  "Scroll tabs right": "右の見出しを表示",
  "Scroll tabs left": "左の見出しを表示",
  "Connection error": "アプリにつながりません",
  "Connection lost": "アプリにつながりません",
  "Connecting": "接続しています",
  "Running...": "計算しています",
  "Stop": "止める",
  "Increment": "1つ増やす",
  "Decrement": "1つ減らす",
  "Upload": "ファイルを選ぶ",
  "Browse files": "ファイルを選ぶ",
  "Drag and drop file here": "ここにファイルを置く",
  "Remove file": "ファイルを外す",
  "Clear date": "日付を消す",
  "Select a date": "日付を選ぶ",
  "YYYY-MM-DD": "年-月-日",
  "Help": "説明",
  "Choose date": "日付を選ぶ",
  "Next month": "次の月",
  "Previous month": "前の月",
  "Use arrow keys to navigate dates. Enter to select. Escape to close.": "矢印キーで日を移り、改行キーで選びます。",
  "file upload": "ファイルを選ぶ",
  "Add files": "ファイルを選び直す",
  "add icon": "選び直す",
  "Error:": "誤り:",
  "Streamlit server is not responding. Are you connected to the internet?": "アプリが応えません。もう一度お試しください。",
  "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
    "アプリが止まっています。もう一度開くには、次の命令を実行してください:",
  "streamlit run yourscript.py": "python -m kyodo_geo.start app",
};
const PATTERNS = [
  [/^(\d+)MB per file$/, "1つ $1 MB まで"],
  [/^(\d+)MB per file\s*•\s*(.+)$/, "1つ $1 MB まで、$2"],
  [/^Choose date, (.+)$/, "日付を選ぶ、$1"],
  [/^Selected Date: .+$/, "日付を選びました"],
  [/^day, (.+)$/, "$1の日"],
  [/^month, (.+)$/, "$1の月"],
  [/^year, (.+)$/, "$1の年"],
  [/^Help for (.+)$/, "$1の説明"],
  [/^Remove (.+)$/, "$1 を外す"],
  [/^(\S+) files are not allowed\.?$/, "この種類のファイル($1)は読めません。"],
  [/^(\d+) options? available\.?$/, "選択肢は $1 件です"],
];
const NAMES = ["aria-label", "title", "placeholder", "alt"];
const OURS = ".kyodo-atlas, .stHtml";

function translateNames(element) {
  for (const name of NAMES) {
    const words = inJapanese(element.getAttribute(name) || "");
    if (words) element.setAttribute(name, words);
  }
}

function inJapanese(text) {
  const [pattern, words] = PATTERNS.find(([one]) => one.test(text)) || [];
  return pattern ? text.replace(pattern, words) : WORDS[text];
}

function translateText(node) {
  const words = inJapanese(node.nodeValue.trim());
  if (words) node.nodeValue = words;
}

function translate(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (!node.parentElement?.closest(OURS)) translateText(node);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.closest(OURS)) return;
  translateNames(node);
  node.childNodes.forEach(translate);
}

function observe() {
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(translate);
      else translate(change.target);
    }
  });
  const watched = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES };
  observer.observe(document.body, watched);
}

export default function () {
  document.documentElement.lang = "ja";
  if (document.body.dataset.kyodoLanguage) return;
  document.body.dataset.kyodoLanguage = "ja";
  translate(document.body);
  observe();
}
