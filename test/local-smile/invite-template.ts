/** A body for `POST /inviteTemplates` that uses each variable. */
export const inviteTemplate = {
  name: 'Income',
  company: { name: 'XYZ Bank', logoUrl: 'https://xyz.example/logo.png' },
  email: {
    sendEmail: true,
    senderName: 'XYZ Bank',
    replyAddress: 'replies@xyz.example',
    subject: '${firstName}, connect your account to ${companyName}',
    body: 'Dear ${fullName}, it takes a minute. ${whatever}',
  },
  landingPage: { header: 'Share your income with ${companyName}', description: 'Quick & easy.', button: 'Start now' },
  successPage: { header: 'Thank you, ${firstName}', description: 'All done.', button: 'Connect another account' },
};
