import { isQuestion } from './question.ts';

/** "Full name" → "full name", but "SSS number" stays. */
const inside = (label: string) =>
  /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** "Full name" → "your full name"; a label that says whose it is already, or is long, keeps its own words. */
const yours = (label: string) => (/\b(you|your|the|a|an)\b/i.test(label) ? inside(label) : `your ${inside(label)}`);

/** `{n}` and the like are filled in where a sentence is shown. */
export const en = {
  /** The language's own name. */
  name: 'English',
  /** How an empty field is told, given its label. */
  missing: {
    enter: (label: string) => (isQuestion(label) ? `Answer “${label}”` : `Enter ${yours(label)}`),
    choose: (label: string) => (isQuestion(label) ? `Choose an answer to “${label}”` : `Choose ${yours(label)}`),
    tick: (_label: string) => 'Tick the box to agree',
  },
  /** What every form's page says and its script needs. */
  page: {
    languages: 'Languages',
    optional: 'optional',
    choose: 'Choose',
    step: 'Step {n} of {of}',
    stepAbout: 'Step {n} of about {of}',
    checkOne: 'Please check 1 answer',
    checkSome: 'Please check {n} answers',
    checkAnswer: 'Check this answer',
    error: 'Error: ',
    next: 'Continue',
    back: 'Back',
    send: 'Send',
  },
  /** How answers are kept: saving, sending, coming back later, and the end. */
  keep: {
    saving: 'Saving your answers',
    saved: 'Your answers are saved.',
    offline: 'You are offline. We will save this as soon as you are back.',
    trouble: 'We can’t reach our server right now. Your answers are kept on this device, and we keep trying.',
    sending: 'Sending',
    reference: 'Keep this reference',
    copy: 'Copy',
    copied: 'Copied',
    again: 'Fill in another one',
    loading: 'One moment',
    later: 'Finish later',
    laterText:
      'Your answers are kept. Open this link on any phone or computer to go on. It is only for you, so do not share it.',
    copyLink: 'Copy the link',
    mailLink: 'Send it by email',
    mailSubject: 'Go on with {form}',
    gone: 'This link no longer works. You can begin here anew.',
  },
  /** The screen that shows all answers before they are sent. */
  review: {
    title: 'Check your answers',
    text: 'This is what you entered. You can change any of it before you send it.',
    change: 'Change',
    none: 'Not answered',
  },
  /** Uploads and signatures. */
  files: {
    add: 'Choose a file',
    addMore: 'Add another file',
    arriving: '{name} is on its way: {percent} %',
    arrived: '{name} has arrived',
    remove: 'Remove',
    retry: 'Try again',
    failed: '{name} did not arrive. Your answers are saved.',
    wait: 'Your files are still on their way. This goes on as soon as they have arrived.',
    limits: 'Up to {most} files, {size} each',
    limit: 'One file, up to {size}',
    sign: 'Sign in the box with a finger or the mouse',
    clear: 'Clear',
    typed: 'Type your name instead',
    draw: 'Draw it instead',
    name: 'Your full name',
    use: 'Use this signature',
    signed: 'Signed',
    noScript: 'Choose a photo or scan of your signature',
  },
  /** What field types put on the page beside what the author wrote. */
  fields: {
    other: 'Other',
    which: 'Which one?',
    none: 'None of these',
    line1: 'Street and number',
    line2: 'Flat, floor or building',
    city: 'City',
    region: 'State or province',
    postal_code: 'Postal code',
    country: 'Country',
    starOne: 'one star',
    starSome: '{n} stars',
  },
  /** A Wink screen; it loads with it. */
  wink: {
    read: 'What we read',
    readOnly: 'We ask for your {list}.',
    readAny: 'What your work account holds about your work and pay.',
    password: 'Your password',
    passwordText: 'You sign in through Smile. {brand} never sees your password.',
    takes: 'Takes about 2 minutes. Have your user name and password ready.',
    connect: 'Connect your work account',
    opening: 'Opening the sign-in window',
    opened: 'The sign-in window is open.',
    wait: 'This usually takes less than a minute.',
    connected: 'Your work account is connected',
    another: 'Add another account',
    retry: 'Try again',
    without: 'Continue without connecting',
    cannot: 'I can’t connect now',
    failed: 'That did not connect',
    refused: '{provider} did not accept the user name or password. Nothing was shared. Your answers are saved.',
    wrongCode: '{provider} did not accept the verification code. Nothing was shared. Your answers are saved.',
    late: '{provider} got the verification code too late. Nothing was shared. Your answers are saved.',
    locked:
      '{provider} has locked this account, or it cannot be used there now. Nothing was shared. Your answers are saved.',
    down: '{provider} is not answering right now. Nothing was shared. Your answers are saved.',
    other: '{provider} could not be connected. Nothing was shared. Your answers are saved.',
    advice:
      'Use the details you use on the provider’s website or app. You can reset a password there first and come back.',
    closed: 'You closed the sign-in window before an account was connected. Your answers are saved.',
    unavailable: 'We can’t open the sign-in window right now. Your answers are saved. Wait a moment and try again.',
    blocked:
      'The sign-in window did not load. Check your connection, or turn off a blocker for this page, and try again. Your answers are saved.',
    required: 'Connect a work account to continue. Your answers are saved.',
    provider: 'The provider',
    noScript:
      'This step opens a sign-in window, and your browser does not run it. Send what you have filled in: we keep it, and the next page gives you a link to finish on another browser or phone.',
  },
  /** What only the server says. */
  server: {
    finishTitle: 'One step is left',
    finishText:
      'We have kept your answers. To finish, connect your work account: open this link in another browser, or on another phone.',
    finishLink: 'Finish your application',
    finishKeep: 'The link is only for you. It opens your answers, so do not share it.',
    gone: 'This form is no longer open',
    goneText: 'It takes no new answers. What you sent before is kept.',
    notFound: 'There is no page here',
    notFoundText: 'Check the address, or ask who sent it to you for a new link.',
    refused: 'This could not be sent',
    refusedText:
      'Open the form again at its own address and send it from there. If an answer is very long, shorten it.',
    closedTitle: 'This form is closed',
    closedOn: 'It closed on {date}.',
    opensTitle: 'This form is not open yet',
    opensOn: 'It opens on {date}.',
    fullTitle: 'This form is full',
    fullText: 'It has had all the answers it can take.',
    taken: 'Someone has sent this form with this answer already. If it was you, there is nothing more to do.',
    passwordTitle: 'This form asks for a password',
    passwordText: 'It was given to you by whoever invited you.',
    passwordLabel: 'Password',
    passwordWrong: 'That is not the password. Check capital letters, and try again.',
    passwordSend: 'Continue',
    passwordWait: 'There were too many tries. Wait a few minutes, and try again.',
    tooMany: 'Too many people are starting this form right now. Your answers are kept. Wait a minute and send again.',
  },
  /** The email that invites somebody, and the page that its link opens. */
  invite: {
    subject: '{company} invites you: {form}',
    hello: 'Hello {name},',
    body: '{company} invites you to fill in “{form}”. It takes a few minutes on your phone.',
    open: 'Open the form',
    until: 'The link is only for you, so please do not pass it on. You can begin until {date}.',
    unexpected: 'If you did not expect this email, you need not do anything.',
    title: 'You are invited',
    about:
      '{company} has sent you a personal link to “{form}”. What is known of you already is filled in, and you can change it.',
    begin: 'Begin',
    goOn: 'Continue',
    over: 'This invitation has expired',
    overText: 'Ask {company} for a new one.',
    sent: 'You have sent this form',
    sentText: 'There is nothing more to do.',
    broken: 'This link is not complete',
    brokenText: 'Open it once more from your email, or copy all of it.',
    offline: 'There is no connection right now. Try again in a moment.',
    noScript: 'Your browser does not run what this page needs. You can open the form without the link:',
  },
  /** What is read from a work account, by Smile's name for it, to stand in a list. */
  dataPoints: {
    identities: 'name and contact details',
    employments: 'employer and job',
    incomes: 'pay',
    documents: 'documents',
    contributions: 'social security contributions',
    liabilities: 'loans',
    transactions: 'earnings and payouts',
    ratings: 'ratings',
    eincomes: 'estimated income',
  },
};
