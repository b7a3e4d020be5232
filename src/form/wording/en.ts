import { isQuestion } from './question.ts';

/** Beginnings of labels that ask or request without a question mark: "How many", "Describe your work". */
const ASKS =
  /^(how|what|when|where|which|who|whose|why|please|tell|describe|explain|give|enter|choose|select|pick|upload|write|do|does|did|are|is|was|have|has|can|could|would|should)\b/i;

const asks = (label: string) => isQuestion(label) || ASKS.test(label);

/** "Full name" → "full name", but "SSS number" stays. */
const inside = (label: string) =>
  /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** "Full name" → "your full name"; a label with “your” or “the” keeps its words. */
const yours = (label: string) => (/\b(you|your|the|a|an)\b/i.test(label) ? inside(label) : `your ${inside(label)}`);

/** The page fills in `{n}` and other names in braces. */
export const en = {
  /** The error of an empty field, from its label. */
  missing: {
    enter: (label: string) => (asks(label) ? `Answer “${label}”` : `Enter ${yours(label)}`),
    choose: (label: string) => (asks(label) ? `Choose an answer to “${label}”` : `Choose ${yours(label)}`),
    file: (label: string) => `Choose a file for “${label}”`,
    sign: (label: string) => `Add your signature at “${label}”`,
    tick: (_label: string) => 'Tick the box to agree',
  },
  /** For the page of every form, and its script. */
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
    notLoaded:
      'A part of this page did not load. Check your connection, and try again. If you are online, load the page again. You may then have to enter some answers again.',
  },
  /** Saving, sending and continuing later. */
  keep: {
    saving: 'Saving your answers',
    saved: 'Your answers are saved.',
    savedHere:
      'Your answers are saved, but this browser won’t find them again. Before you leave this page, send the form or use “Finish later”.',
    offline: 'You are offline. We will save this as soon as you are back.',
    trouble: 'We can’t save this right now. Your answers are kept on this device, and we keep trying.',
    stay: 'We can’t save this right now. Keep this page open, and we keep trying.',
    tooLong: 'Your answers are too long to send. Shorten this one.',
    sending: 'Sending',
    loading: 'One moment',
    later: 'Finish later',
    notMine: 'This isn’t my phone',
  },
  /** After the form was sent, and about answers on a device. */
  ending: {
    reference: 'Keep this reference',
    copy: 'Copy',
    copied: 'Copied',
    again: 'Fill in this form again',
    gone: 'This link no longer works. You can start again here.',
    cut: 'This link is not complete. Open the whole link, or continue here without it.',
    sent: 'This form was sent on {date}',
    unsent: 'Your last change was not sent.',
    unsentHere: 'Changes that you made only on this page were not sent.',
    sentElsewhere: 'It was sent from another device or tab. The answers may have been changed there.',
    noAnswer: 'We still can’t send this. Keep this page open, and try again later or on another network.',
    cleared: 'This form is no longer saved on this device. Your answers stay on this page until you leave it.',
    askAgain: 'To protect you, sensitive answers are not kept on this device. Please enter them again.',
    old: 'This page is older than the form. Open the form again, and enter your answers there.',
  },
  /** The screen that shows all answers before they are sent. */
  review: {
    title: 'Check your answers',
    text: 'These are your answers. You can change them before you send them.',
    change: 'Change',
    none: 'Not answered',
    account: 'Work account',
    connected: 'Connected',
    documents: 'Documents',
    arrived: 'Sent',
  },
  /** Uploads and signatures. */
  files: {
    add: 'Choose a file',
    addMore: 'Add another file',
    arriving: 'Uploading {name}: {percent}%',
    arrived: '{name} uploaded',
    remove: 'Remove',
    retry: 'Try again',
    failed: '{name} could not be uploaded.',
    wait: 'Your files are still uploading. This continues when they are done.',
    limits: 'Up to {max} files, {size} each',
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
  /** Texts that types of field add to the author's texts. */
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
  /** On a Wink screen, before anything is shared. */
  wink: {
    read: 'What we read',
    readOnly: 'We ask for your {list}.',
    readAny: 'We ask for the data about your work and pay in your account.',
    password: 'Your password',
    passwordText: 'You sign in through Smile. {brand} never sees your password.',
    /** In the place of its name, where the form has none. */
    company: 'The company that asks you',
    noScript:
      'This step needs JavaScript, and your browser has it turned off or is too old. Send your answers now. We keep them. If they are not complete without this step, the next page gives you a link to finish in another browser or on another phone.',
  },
  /** On a Wink screen, while people connect accounts. */
  linking: {
    openInTab: 'Open this step in a new tab',
    takes: 'Takes about 2 minutes. Have your user name and password ready.',
    takesUpload: 'Takes about 2 minutes. Have your document ready, as a file or a photo.',
    connect: 'Connect your work account',
    upload: 'Upload your documents',
    opening: 'Opening the sign-in window',
    opened: 'The sign-in window is open.',
    wait: 'This usually takes less than a minute.',
    unfinished: 'Almost there',
    connected: 'Your work account is connected',
    wasConnected: 'You connected your work account',
    uploaded: 'Your documents are uploaded',
    another: 'Add another account',
    anotherUpload: 'Upload another document',
    retry: 'Try again',
    without: 'Continue without connecting',
    cannot: 'I can’t connect now',
    failed: 'The account did not connect',
    safe: 'Nothing was shared. Your answers are saved.',
    saved: 'Your answers are saved.',
    other: 'The account could not be connected.',
    closed: 'You closed the sign-in window before an account was connected.',
    unavailable: 'We can’t open the sign-in window right now. Wait a moment and try again.',
    offline: 'You are offline, and the sign-in window needs a connection. Try again once you are back.',
    required: 'Connect a work account to continue.',
    requiredUpload: 'Upload your documents to continue.',
  },
  /** Errors on a Wink screen, by Smile’s error code or by the reason that the window did not appear. */
  trouble: {
    ACCOUNT_DISABLED:
      '{provider} says that this account is disabled. Ask {provider} to enable it, or connect another account.',
    ACCOUNT_INACCESSIBLE:
      '{provider} does not open this account right now. Sign in on its website or app to see why, then come back.',
    ACCOUNT_INCOMPLETE:
      'This account is not fully set up. Finish that on the website or app of {provider}, then come back.',
    ACCOUNT_LOCKED:
      '{provider} has locked this account. Unlock it on its website or app, often by resetting the password, then come back.',
    AUTH_REQUIRED: 'Your user name and password did not reach {provider}. Try again, and enter both.',
    EXPIRED_CREDENTIALS:
      'Your password at {provider} has expired. Set a new one on its website or app, then come back.',
    INVALID_ACCOUNT_TYPE: 'This kind of account at {provider} cannot be used here. Connect the one that you work with.',
    INVALID_AUTH:
      'Signing in at {provider} did not work. This is not your fault. Try again later, or connect another account.',
    INVALID_CREDENTIALS:
      '{provider} did not accept the user name or password. Use those of its website or app, or reset the password there and come back.',
    INVALID_MFA: '{provider} did not accept the verification code. Try again with the newest code that you got.',
    MFA_TIMEOUT:
      'The verification code came too late for {provider}. Try again, and have the phone or email that gets the code at hand.',
    SERVICE_UNAVAILABLE: '{provider} is not answering right now. Wait a few minutes and try again.',
    SYSTEM_ERROR: 'Smile, which makes the connection, has a problem right now. Wait a few minutes and try again.',
    TOS_REQUIRED:
      '{provider} wants you to accept its terms first. Sign in on its website or app, accept them, then come back.',
    UNSUPPORTED_AUTH_TYPE:
      'This way to sign in at {provider} is not supported yet. Try again with a user name and password, or connect another account.',
    UNSUPPORTED_MFA_METHOD:
      'This kind of verification is not supported yet. If {provider} offers another, such as a code by text message, choose it there first.',
    provider: 'the provider',
    checking: '{provider} is checking your details. This can take a minute.',
    code: '{provider} has sent you a verification code. Enter it in the sign-in window.',
    other: '{provider} could not be connected. Try again, or connect another account.',
    blocked:
      'The sign-in window was blocked. Turn off ad blockers for this page, or use another browser, and try again.',
    slow: 'The sign-in window takes very long to load. Check your connection and try again.',
    broken: 'The sign-in window did not start. Try again, or use another browser.',
    silent:
      'The sign-in window did not appear. Turn off ad blockers for this page, or use another browser, and try again.',
    popup: 'Your browser blocked a window that is needed to sign in. Allow pop-up windows for this page and try again.',
    inApp: 'You are inside another app, which may block the sign-in window. Open this link in your own browser.',
    elsewhere: 'Continue in another browser or on another device',
  },
  /** The accounts of a Wink screen: their statuses at Smile, and disconnecting them. */
  linked: {
    account: 'Work account',
    PENDING: 'Being checked',
    AWAITING_MFA: 'Waiting for your code',
    CONNECTED: 'Connected',
    DISCONNECTED: 'Disconnected',
    wasRead: 'We have read your data and disconnected the account.',
    disconnect: 'Disconnect',
    sure: 'Disconnect {provider}? Smile deletes what it has read from it, and it no longer counts here.',
    yes: 'Yes, disconnect',
    no: 'Keep it connected',
    cutting: 'Disconnecting',
    cutFailed: 'Something went wrong, and {provider} may still be connected. Try again in a moment.',
  },
  /** The link that continues a draft on another device. */
  elsewhere: {
    laterText:
      'Your answers are kept. Those of this step are added when you go on. Open this link on any phone or computer to continue. It is only for you, so do not share it.',
    copyLink: 'Copy the link',
    copied: 'Copied',
    mailLink: 'Send it by email',
    mailSubject: 'Continue with {form}',
    scan: 'Or scan this with the camera of another phone:',
  },
  /** The question before a link continues a form on a device that does not know it. */
  resume: {
    title: 'Did you begin this form yourself?',
    text: 'This link continues a form that was begun on {date}. The person who began it can read everything that you enter. Continue only if that was you.',
    replaces:
      'You have also begun this form here. If you continue with the link, these answers are removed from this device.',
    yes: 'Yes, continue',
    own: 'No, start my own',
    keepOwn: 'No, keep what I began here',
  },
  /** Only from the server. */
  server: {
    finishTitle: 'You have not finished yet',
    finishText: 'We have kept your answers. To finish, open this link in another browser or on another phone.',
    finishLink: 'Finish your application',
    finishKeep: 'The link is only for you. It opens your answers, so do not share it.',
    gone: 'This form is no longer open',
    goneText: 'It no longer accepts answers. We keep only those that were saved before.',
    notFound: 'There is no page here',
    notFoundText: 'Check the address, or ask the person who sent it to you for a new link.',
    posterScan: 'Scan this with the camera of your phone',
    linkClosed: 'This link is closed',
    linkClosedText: 'Ask the person who sent it to you for a new link.',
    refused: 'This could not be sent',
    refusedText:
      'Open the form again at its own address and send it from there. If an answer is very long, shorten it.',
    tooLargeText:
      'This is more than the form can accept. Choose fewer or smaller files, shorten long answers, and send it again.',
    closedTitle: 'This form is closed',
    closedOn: 'It closed on {date}.',
    opensTitle: 'This form is not open yet',
    opensOn: 'It opens on {date}.',
    fullTitle: 'This form is full',
    fullText: 'It has received all the answers it can accept.',
    questions: 'Questions? Write to',
    askSender: 'If you have questions, ask the person or company that gave you the link.',
    changed: 'This form has changed since you opened it. Load the page again. Your answers stay on this device.',
    questionsGone:
      'This form has changed since you opened it. Some questions are gone, and your answers to them are not sent. Check the others, then send.',
    taken: 'Someone has already sent this form with this answer. If it was you, there is nothing more to do.',
    otherWay: 'An earlier answer is missing or was changed. Check your answers.',
    changedElsewhere: 'These answers have changed. Look at them again, then send.',
    filesFull: 'There is no room for another file here.',
    filesFullHelp: 'Remove a file, or choose a smaller one.',
    passwordOnPage: 'This form has a password. Load the page again and enter it.',
    passwordTitle: 'This form needs a password',
    passwordText: 'You got it from the person who invited you.',
    passwordInvited: 'Do you have a personal link? Open it again instead.',
    passwordLabel: 'Password',
    passwordWrong: 'This password is wrong. Check capital letters, and try again.',
    passwordSend: 'Continue',
    passwordWait: 'Too many attempts. Wait {wait}, and try again.',
    tooMany:
      'Too many people are starting this form right now. Wait a minute, then reload this page. If you were sending answers, your browser sends them again.',
    trouble: 'Something went wrong',
    troubleText:
      'The problem is on our side. Wait a minute, then reload this page. If you were sending answers, your browser sends them again.',
    requestId: 'Need help? Give this code:',
  },
  /** The email of an invitation, and the page of its link. `…Alone`: without the name of a company. */
  invite: {
    subject: '{company} invites you: {form}',
    subjectAlone: 'You are invited: {form}',
    hello: 'Hello {name},',
    body: '{company} invites you to fill in “{form}”.',
    bodyAlone: 'You are invited to fill in “{form}”.',
    minutes: 'It takes a few minutes on your phone.',
    open: 'Open the form',
    until: 'The link is only for you, so please do not share it. You can start until {date}.',
    unexpected: 'If you did not expect this email, you do not need to do anything.',
    title: 'You are invited',
    about: '{company} has sent you a personal link to “{form}”.',
    aboutAlone: 'This is your personal link to “{form}”.',
    filledIn: 'We’ve filled in the answers that we already know. You can change them.',
    person:
      'This link is for {person}. If that’s not you, please don’t continue, because {person} can see your answers.',
    begin: 'Start',
    goOn: 'Continue',
    over: 'This invitation no longer works',
    overText: 'Ask {company} for a new invitation.',
    overAlone: 'Ask for a new invitation.',
    sent: 'You have sent this form',
    sentText: 'There is nothing more to do.',
    broken: 'This link is not complete',
    brokenText: 'Open it again from your email, or copy the whole link.',
    noAnswer: 'This does not work right now. Try again in a moment.',
    noScript: 'This page needs JavaScript, which your browser has turned off. You can open the form without the link:',
  },
  /** Kinds of data in an account, by Smile's name, for use in a list. */
  dataPoints: {
    identities: 'personal details',
    employments: 'work history',
    incomes: 'pay',
    documents: 'documents',
    contributions: 'social security contributions',
    liabilities: 'loans',
    transactions: 'earnings and payouts',
    ratings: 'ratings',
    eincomes: 'estimated income',
    insights: 'summary in numbers',
    links: 'history of linked accounts',
    archives: 'uploaded documents',
  },
};
