/** Every text of the widget. */
export const words = {
  back: 'Back',
  close: 'Close',
  done: 'Done',
  exit: 'Exit',
  tryAgain: 'Try again',
  testMode: 'Test mode. No real account is reached.',

  opening: 'One moment',
  openingStatus: 'Opening a connection to Smile.',

  consent: {
    heading: (company: string | undefined) =>
      company ? `Share your work data with ${company}` : 'Share your work data',
    intro: 'You sign in where you get paid, and there are no papers to find or send.',
    whatTitle: 'What is read',
    what: 'Your name, your employer and your pay, as your account shows them.',
    passwordTitle: 'Your password',
    password: (company: string | undefined) =>
      `It goes to Smile, to sign in for you. ${company ?? 'The company that asked you'} never sees it.`,
    undoTitle: 'Changing your mind',
    undo: 'You can come back here and disconnect at any time. Smile then deletes what it read.',
    agree: 'Agree and continue',
  },

  list: {
    heading: 'Where do you get paid?',
    search: 'Search',
    types: 'Kind of account',
    all: 'All',
    kinds: { GIG: 'Gig work', GOVERNMENT: 'Government', EMPLOYER: 'Employer', SYSTEM: 'Payroll' } as Record<
      string,
      string
    >,
    connected: 'Connected',
    found: (count: number) => (count === 1 ? '1 account to choose from' : `${count} accounts to choose from`),
    none: (search: string) => (search ? `Nothing here is called “${search}”.` : 'There is nothing of this kind.'),
    missing: 'I can’t find mine',
    sent: 'Documents you sent',
  },

  login: {
    heading: (provider: string) => `Sign in to ${provider}`,
    intro: (provider: string) => `Use what you use on the ${provider} website or app.`,
    userName: 'User name',
    userNameHelp: 'Or the email address or mobile number of your account.',
    password: 'Password',
    submit: 'Sign in',
    noUserName: 'Enter your user name',
    noPassword: 'Enter your password',
    testPeople: 'Test accounts',
    testHelp:
      'One of these signs in anywhere here, anything else is refused. A user name like err:ACCOUNT_LOCKED fails with that error.',
    sync: 'Smile reads this account again every month, until you disconnect it.',
    other: 'Another way in',
    optionsHeading: (provider: string) => `How do you sign in to ${provider}?`,
    options: { EMAIL: 'Email address', MOBILE: 'Mobile number', SS_NUMBER: 'SS number' },
    noLogin: {
      EMAIL: 'Enter your email address',
      MOBILE: 'Enter your mobile number',
      SS_NUMBER: 'Enter your SS number',
    },
    person: 'Name',
    code: 'Code',
  },

  mfa: {
    heading: 'Enter your code',
    intro: (provider: string) => `${provider} wants to be sure that it is you, and sent you a code.`,
    code: 'Verification code',
    testHelp: 'No code is sent in test mode. It is 1234.',
    submit: 'Verify',
    noCode: 'Enter the code',
  },

  survey: {
    heading: 'Where do you work?',
    employer: 'Name of your employer',
    noEmployer: 'Enter the name of your employer',
    submit: 'Continue',
  },

  files: {
    heading: 'Send a document',
    intro: 'In place of an account, a document can show what you earn.',
    send: (label: string) => `Send your ${lowerCased(label)}`,
    help: 'PDF, PNG or JPEG, 15 MB at most.',
    submit: 'Send',
    noFile: 'Choose a file',
    wrongType: 'Choose a PDF, PNG or JPEG file',
    tooLarge: 'Choose a file of 15 MB at most',
    testHelp: 'Test mode can read one document, its own sample payslip. Any other ends in an error.',
    sample: 'Use the sample payslip',
    uploading: 'Sending',
    uploadedHeading: (label: string) => `Your ${lowerCased(label)} is sent`,
    uploaded: 'It is being read now. There is nothing more to do here.',
    sent: 'Sent',
    another: 'Send another document',
    yours: (label: string) => `Your ${lowerCased(label)}`,
    more: 'Send a newer one',
    remove: 'Remove',
    confirmHeading: (label: string) => `Remove your ${lowerCased(label)}?`,
    confirm: 'Smile deletes it with the data read from it. You can send it again later.',
    keep: 'Keep it',
    removing: 'Removing',
    removedHeading: (label: string) => `Your ${lowerCased(label)} is removed`,
    removed: 'Smile has deleted it with the data read from it.',
  },

  connecting: {
    heading: (provider: string) => `Connecting to ${provider}`,
    intro: 'This usually takes less than a minute. Keep this window open.',
    sent: 'Your details are on their way',
    codeSent: 'Your code is on its way',
    checking: (provider: string) => `${provider} is checking`,
    stillWorking: (seconds: number) => `Still working, ${seconds} seconds so far`,
  },

  success: {
    heading: (provider: string) => `${provider} is connected`,
    intro: 'Your data is being read now. There is nothing more to do here.',
    another: 'Connect another account',
  },

  status: {
    heading: (provider: string) => `Your ${provider} account`,
    signedInAs: (login: string) => `Signed in as ${login}`,
    connected: 'Connected',
    disconnect: 'Disconnect',
    confirmHeading: (provider: string) => `Disconnect ${provider}?`,
    confirm: 'Smile deletes what it read from this account. You can connect it again later.',
    keep: 'Keep it connected',
    disconnecting: 'Disconnecting',
    removedHeading: (provider: string) => `${provider} is disconnected`,
    removed: 'Smile has deleted what it read from this account.',
    connect: 'Connect an account',
  },

  failure: {
    heading: 'That did not connect',
    nothingShared: 'Nothing was shared.',
    codeAgain: 'Look at the code again and enter it here, or sign in again to get a new one.',
  },

  problem: {
    heading: 'No connection',
    message: 'We can’t reach Smile right now.',
    remedy: 'Check your connection, and try again.',
  },

  expired: {
    heading: 'This window has expired',
    message: 'To keep your details safe it works once, and for a few hours. Close it, and open it again to go on.',
  },
};

/** In lower case for the middle of a sentence, except abbreviations. */
function lowerCased(label: string) {
  return /^[A-Z][a-z]/.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label;
}

/** The problem at a provider and the person's ways out, by Smile's account error codes. */
export function explain(errorCode: string, provider: string): { problem: string; remedy: string } {
  const details = `Use what you use on the ${provider} website or app. If you forgot the password, you can set a new one there and come back.`;
  const there = `Sign in on the ${provider} website or app first, follow what it asks, and come back.`;
  const later = 'Try again in a few minutes.';
  switch (errorCode) {
    case 'INVALID_CREDENTIALS':
    case 'AUTH_REQUIRED':
      return { problem: `${provider} did not accept the user name or password.`, remedy: details };
    case 'EXPIRED_CREDENTIALS':
      return { problem: `${provider} wants you to choose a new password.`, remedy: there };
    case 'INVALID_MFA':
      return {
        problem: `${provider} did not accept the verification code.`,
        remedy: 'Sign in again to get a new code.',
      };
    case 'MFA_TIMEOUT':
      return { problem: 'The verification code came too late.', remedy: 'Sign in again to get a new code.' };
    case 'ACCOUNT_LOCKED':
    case 'ACCOUNT_DISABLED':
    case 'ACCOUNT_INACCESSIBLE':
      return { problem: `${provider} has locked this account.`, remedy: there };
    case 'ACCOUNT_INCOMPLETE':
    case 'TOS_REQUIRED':
      return { problem: `${provider} needs something from you first.`, remedy: there };
    case 'SERVICE_UNAVAILABLE':
      return { problem: `${provider} is not answering right now.`, remedy: later };
    case 'INVALID_ACCOUNT_TYPE':
      return { problem: `${provider} does not let this kind of account be connected.`, remedy: 'Try another account.' };
    default:
      return { problem: `Something went wrong while connecting to ${provider}.`, remedy: later };
  }
}
