/** The settings and types of SurveyJS that Flipsite leaves out, with their names for the report. */

/** The settings of the look. Flipsite has its own. */
export const LOOK = [
  'width', 'minWidth', 'maxWidth', 'startWithNewLine', 'indent', 'innerIndent', 'rightIndent', 'leftIndent', 'colCount', 'cols', 'rows',
  'titleLocation', 'descriptionLocation', 'errorLocation', 'hideNumber', 'showNumber', 'size', 'autoGrow', 'allowResize', 'questionTitleLocation',
  'questionTitleWidth', 'rateColorMode', 'scaleColorMode', 'rateDisplayMode', 'displayMode', 'renderAs', 'itemSize', 'gridLayoutEnabled', 'state', 'colSpan', 'effectiveColSpan',
  'separateSpecialChoices', 'searchEnabled', 'searchMode', 'allowClear', 'showClearButton', 'displayRateDescriptionsAsExtremeItems', 'signatureWidth', 'signatureHeight', 'signatureAutoScaleEnabled',
  'penColor', 'penMinWidth', 'penMaxWidth', 'backgroundColor', 'backgroundImage', 'imageFit', 'imageHeight', 'imageWidth', 'itemTitleWidth', 'labelTrueFirst', 'dataFormat', 'allowImagesPreview',
  'showQuestionNumbers', 'questionStartIndex', 'page', 'titlePattern', 'textUpdateMode', 'placeholderRendered', 'swapOrder', 'closeOnSelect', 'dropdownWidthMode', 'cssClasses', 'showPreview', 'labelPosition',
]; // prettier-ignore

/** The name of a setting that is left out, to follow "its". */
export const IN_WORDS = new Map([
  ['choicesOrder', 'random or sorted order of answers'],
  ['correctAnswer', 'correct answer'],
  ['choicesVisibleIf', 'condition for which answers are shown'],
  ['choicesEnableIf', 'condition for which answers can be chosen'],
  ['enableIf', 'condition for when it can be answered'],
  ['requiredIf', 'condition for when it is required'],
  ['setValueIf', 'calculated answer'],
  ['setValueExpression', 'calculated answer'],
  ['resetValueIf', 'condition that removes the answer'],
  ['defaultValueExpression', 'calculated first answer'],
  ['choicesByUrl', 'list of answers from a web address'],
  ['choicesFromQuestion', 'answers from another question'],
  ['choiceTextsFromQuestion', 'answers from another question'],
  ['hasSelectAll', 'answer “Select all”'],
  ['showSelectAllItem', 'answer “Select all”'],
  ['readOnly', 'protection against changes'],
  ['requiredErrorText', 'own error message for a missing answer'],
  ['maskType', 'mask for typing'],
  ['maskSettings', 'mask for typing'],
  ['dataList', 'list of suggested answers'],
  ['minErrorText', 'own error message for low values'],
  ['maxErrorText', 'own error message for high values'],
  ['valueTrue', 'own value for yes'],
  ['valueFalse', 'own value for no'],
  ['imageLink', 'picture'],
  ['commentText', 'title of the comment box'],
  ['clearIfInvisible', 'setting for hidden answers'],
  ['visible', 'setting that hides it at first'],
]);

/** Types that the form language has no field for, with the reason and the way out. */
export const LOST = new Map([
  ...['matrix', 'matrixdropdown'].map((type) => [type, 'Flipsite has no table of questions. Ask each row as a question of its own.'] as const),
  ...['matrixdynamic', 'paneldynamic'].map((type) => [type, 'Flipsite has no questions that people can repeat.'] as const),
  ['ranking', 'Flipsite has no question in which people sort answers.'],
  ['image', 'Flipsite has no pictures between questions.'],
  ['expression', 'Its number is calculated. Add a question of the kind “Calculated number” in its place.'],
  ['imagemap', 'Flipsite has no question with a picture to click on.'],
  ['microphone', 'Flipsite records no sound.'],
]); // prettier-ignore
