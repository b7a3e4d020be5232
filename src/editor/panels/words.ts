/** The names of keys and of their choices, as publishers read them. */

/** Names by key. Some keys mean another thing in another part: those have the part before them. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  title: 'Title',
  text: 'Text',
  label: 'Question',
  help: 'Hint',
  type: 'Kind of answer',
  id: 'Name in rules and exports',
  required: 'People must answer this',
  default: 'Answer at the start',
  sensitive: 'Private answer',
  show_when: 'Show only if…',
  placeholder: 'Example inside the field',
  autocomplete: 'Autofill of the browser',
  options: 'Options',
  other: 'Add the option “Other”',
  none_of_these: 'Add the option “None of these”',
  min: 'At least',
  max: 'At most',
  step: 'Step',
  min_length: 'Fewest characters',
  max_length: 'Most characters',
  min_label: 'Meaning of the lowest number',
  max_label: 'Meaning of the highest number',
  pattern: 'Pattern',
  pattern_hint: 'Error message for the pattern',
  format: 'Official number',
  currency: 'Currency',
  country: 'Country',
  accept: 'File types',
  max_size: 'Largest file',
  max_files: 'Most files',
  value: 'Calculation',
  outcome: 'Counts as',
  redirect: 'Continue at another address',
  description: 'Description for link previews',
  languages: 'Languages',
  brand: 'Brand',
  'option.label': 'Option',
  'option.help': 'Hint of the option',
  'brand.name': 'Company name',
  'brand.color': 'Color',
  'brand.logo': 'Logo',
  params: 'Values from the link',
  example: 'Only an example',
  review: 'Show all answers before sending',
  limits: 'When the form is open',
  opens: 'Opens on',
  closes: 'Closes on',
  'limits.max': 'Largest number of submissions',
  one_per: 'Each person once, by',
  timezone: 'Time zone',
  contact: 'Email for questions',
  retention: 'Keep answers for',
  match: 'Compare with the account',
  'match.name': 'Name',
  employer: 'Employer',
  monthly_income: 'Monthly income',
  field: 'Question with the income',
  within: 'Difference that is fine, in percent',
  pay: 'Kind of pay',
  notify: 'Emails and webhooks',
  email: 'Email address',
  webhook: 'Webhook',
  secret_env: 'Variable with the secret',
  when: 'Send it when',
  invite: 'Invitations',
  via: 'Sent by',
  sender: 'Sender',
  reply_to: 'Replies go to',
  subject: 'Subject',
  'invite.text': 'Text of the email',
  expires: 'People can start for',
  'invite.name': 'Question for the name',
  'invite.email': 'Question for the email address',
  'invite.template': 'Invite template at Smile',
  password: 'Password',
  proof_of_work: 'Slow down robots',
  name: 'Name',
  color: 'Color',
  logo: 'Logo',
  image: 'Picture',
  share: 'Link previews and search',
  index: 'Search engines can list the form',
  allow: 'Websites, one a line',
  links: 'Campaign links',
  embed: 'Other websites that can show the form',
  screens: 'Screens',
  endings: 'Endings',
  examples: 'Examples',
  template: 'Wink template',
  require: 'What must happen',
  retrieve: 'What is read',
  revoke: 'After reading',
  sdk: 'Version of the widget',
  frame: 'Run the widget in a frame of its own',
  fields: 'Questions',
  wink: 'Work account',
  next: 'After this screen',
}; // prettier-ignore

/** The name of a key, of the part `owner` where that has its own name for it. */
export const nameOfKey = (key: string, owner = ''): string =>
  KEY_NAMES[`${owner}.${key}`] ?? KEY_NAMES[key] ?? sentenceOf(key);

/** Whether a key has a name that was written for people. */
export const hasName = (key: string): boolean => Object.hasOwn(KEY_NAMES, key);

const CHOICE_NAMES: Readonly<Record<string, string>> = {
  'require.connected': 'People connect an account',
  'require.uploaded': 'People upload a document',
  'require.any': 'People connect an account or upload a document',
  'require.none': 'Nothing. People can skip it',
  'revoke.never': 'Stay connected',
  'revoke.after_retrieval': 'Disconnect the account',
  'outcome.completed': 'Completed',
  'outcome.disqualified': 'Not eligible',
  'when.submitted': 'The form is sent, with any ending',
  'when.completed': 'The form is sent, and the person is eligible',
  'when.linked': 'Smile confirms a work account',
  'via.mail': 'Flipsite',
  'via.smile': 'Smile',
  'pay.net': 'Net',
  'pay.gross': 'Gross',
  'pay.base': 'Base',
  'format.ph_tin': 'Philippines: TIN',
  'format.ph_sss': 'Philippines: SSS number',
  'format.mx_curp': 'Mexico: CURP',
  'format.mx_rfc': 'Mexico: RFC',
  'format.id_nik': 'Indonesia: NIK',
  'retrieve.identities': 'Name and identity',
  'retrieve.employments': 'Employment',
  'retrieve.incomes': 'Income',
  'retrieve.documents': 'Payslips and other documents',
  'retrieve.contributions': 'Contributions',
  'retrieve.liabilities': 'Debts',
  'retrieve.transactions': 'Payments of gig work',
  'retrieve.ratings': 'Ratings of gig work',
  'retrieve.eincomes': 'Estimated income',
  'retrieve.insights': 'Insights',
  'retrieve.links': 'Links',
  'retrieve.archives': 'Uploaded documents',
};

/** The name of one of the choices of a key. */
export const nameOfChoice = (key: string, choice: string): string =>
  CHOICE_NAMES[`${key}.${choice}`] ?? (/^v\d|^\w{2,4}$|\./.test(choice) ? choice : sentenceOf(choice));

function sentenceOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Help for keys whose sentence in the form language is about how they are written. */
const OWN_HELP: Readonly<Record<string, string>> = {
  other: 'People who choose it get a text field for their own answer.',
  none_of_these: 'People cannot choose it together with other options.',
};

/** The help of a key without its examples in YAML, which a control does not need. */
export function helpOf(key: string, help: string): string {
  const own = Object.hasOwn(OWN_HELP, key) ? OWN_HELP[key] : undefined;
  if (own) return own;
  const plain = help
    .replace(/^true: /, '')
    .replace(/, (or a list such as|such as|like|for example) [[{"][^.]*$/, '')
    .replace(/: \{[^}]*\}$/, '')
    .replace(/^(\w)/, (first) => first.toUpperCase());
  return plain && !/[.?!]$/.test(plain) ? `${plain}.` : plain;
}
