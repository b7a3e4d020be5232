/** The names of keys and of their choices, as publishers read them. */
import type { KeyGuide } from '../../form/docs/guide.ts';
import { capitalize } from '../../form/capitalize.ts';

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
  other: 'Option “Other”',
  none_of_these: 'Option “None of these”',
  min: 'At least',
  max: 'At most',
  'date.min': 'Earliest',
  'date.max': 'Latest',
  'time.min': 'Earliest',
  'time.max': 'Latest',
  'scale.min': 'First number',
  'scale.max': 'Last number',
  'rating.max': 'Stars',
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
  employer: 'Employer',
  monthly_income: 'Monthly income',
  field: 'Question for the income',
  within: 'Allowed difference, in percent',
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
  allow: 'Allowed websites',
  links: 'Campaign links',
  embed: 'Other websites that can show the form',
  screens: 'Screens',
  endings: 'Endings',
  examples: 'Examples',
  template: 'Wink template',
  require: 'To continue, people must',
  retrieve: 'Data to read from the account',
  revoke: 'After reading',
  sdk: 'Version of the window',
  frame: 'Keep the window apart from the page',
  fields: 'Questions',
  wink: 'Work account',
  next: 'After this screen',
};

/** The name of a key, of the part `owner` where that has its own name for it. */
export const nameOfKey = (key: string, owner = ''): string =>
  KEY_NAMES[`${owner}.${key}`] ?? KEY_NAMES[key] ?? sentenceOf(key);

/** Whether a key has a name that was written for people. */
export const hasName = (key: string): boolean => Object.hasOwn(KEY_NAMES, key);

const CHOICE_NAMES: Readonly<Record<string, string>> = {
  'require.connected': 'Connect an account',
  'require.uploaded': 'Upload a document',
  'require.any': 'Connect an account or upload a document',
  'require.none': 'Neither. They can skip it',
  'revoke.never': 'Stay connected',
  'revoke.after_retrieval': 'Disconnect the account',
  'accept.image': 'Pictures',
  'accept.pdf': 'PDF',
  'accept.document': 'Word and ODT',
  'accept.spreadsheet': 'Excel and ODS',
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
  'retrieve.insights': 'Summary in numbers',
  'retrieve.links': 'Links of the account',
  'retrieve.archives': 'Uploaded documents',
};

/** The name that was written for a choice of a key. Undefined where there is none. */
export const choiceName = (key: string, choice: string): string | undefined => CHOICE_NAMES[`${key}.${choice}`];

/** The name of one of the choices of a key. */
export const nameOfChoice = (key: string, choice: string): string =>
  choiceName(key, choice) ?? (/^v\d|^\w{2,4}$|[./]/.test(choice) ? choice : sentenceOf(choice));

function sentenceOf(name: string): string {
  return capitalize(name.replaceAll('_', ' '));
}

/**
 * Help for keys with a sentence in the form language about their syntax, or for developers. It is empty where that
 * sentence repeats the name.
 */
const OWN_HELP: Readonly<Record<string, string>> = {
  other: 'People who choose it get a text field for their own answer.',
  none_of_these: 'People cannot choose it together with other options.',
  params: 'Names of values that a link can bring along, such as customer_id.',
  example: 'People outside your company cannot open it.',
  proof_of_work: 'The browser works for a moment before a person starts. People hardly notice it.',
  sensitive:
    'Flipsite stores the answer encrypted. The dashboard hides it until a member reveals it, and records that.',
  autocomplete:
    'The browser suggests an earlier answer. Write name, organization, street-address, or bday for a date of birth.',
  pattern: 'For developers: a regular expression that the complete answer must match.',
  pattern_hint: 'Such as: Enter 8 digits, like 12345678.',
  format: 'Flipsite checks that the number can exist. For TIN and SSS it only counts the digits.',
  accept: '',
  index: '',
  outcome: 'The dashboard counts them apart.',
  redirect: 'A web address that opens after this ending, such as https://www.example.com/thanks.',
  'limits.max': 'The form closes after so many. Spam, and people who are not eligible, do not count.',
  image: 'A picture that the person who runs Flipsite has put beside the forms. Without it, Flipsite draws one.',
  webhook: 'The address of your other system, which gets each submission. Your developer knows it.',
  secret_env: 'The person who runs Flipsite sets the secret and its name.',
  when: '',
  reply_to: '',
  via: 'Flipsite sends a personal link to this form. Smile sends a link to a page of Smile.',
  subject: 'You can write ${fullName}, ${firstName} and ${companyName}. The email has the real names.',
  'invite.text': 'The text above the link. You can use the same three names.',
  'invite.template': 'The name of the template at Smile, which begins with tpl-. Smile sends the email as it says.',
  template: 'It sets the providers that people can choose. Copy its name from Smile, such as wtpl-123abc.',
  sdk: 'Keep it, unless Smile asks you to change it.',
  frame: 'Safer: the window cannot read the answers on the page.',
};

/**
 * The help of a key without its examples in YAML, which a control does not need.
 * @param owner the part that has the key
 */
export function helpOf({ key, help, plainHelp }: KeyGuide, owner = ''): string {
  const own = plainHelp ?? OWN_HELP[`${owner}.${key}`] ?? OWN_HELP[key];
  if (own !== undefined) return own;
  const plain = capitalize(
    help
      .replace(/^true: /, '')
      .replace(/, (or a list such as|such as|like|for example) [[{"][^.]*$/, '')
      .replace(/: \{[^}]*\}$/, ''),
  );
  return plain && !/[.?!]$/.test(plain) ? `${plain}.` : plain;
}
