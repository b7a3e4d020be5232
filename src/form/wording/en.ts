const question = (label: string) => /\?\s*$/.test(label);

/** "Full name" → "full name", but "SSS number" stays. */
const inside = (label: string) =>
  /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** "Full name" → "your full name"; a label that says whose it is already, or is long, keeps its own words. */
const yours = (label: string) => (/\b(you|your|the|a|an)\b/i.test(label) ? inside(label) : `your ${inside(label)}`);

export const en = {
  name: 'English',
  missing: {
    enter: (label: string) => (question(label) ? `Answer “${label}”` : `Enter ${yours(label)}`),
    choose: (label: string) => (question(label) ? `Choose an answer to “${label}”` : `Choose ${yours(label)}`),
    tick: () => 'Tick the box to agree',
  },
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
  },
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
    late: 'The verification code came too late for {provider}. Nothing was shared. Your answers are saved.',
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
  },
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
