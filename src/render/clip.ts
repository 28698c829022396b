import { visibleWidth } from './style';

/** Colours begin with an escape character. */
const colour = /(\u001b\[[0-9;]*m)/;

/** Cuts a text that may hold colours to a number of columns, with an ellipsis; every colour keeps its end. */
export const clip = (text: string, width: number): string => {
  if (visibleWidth(text) <= width) return text;
  let left = Math.max(0, width - 1);
  const kept = text.split(colour).map((part, index) => {
    if (index % 2 === 1) return part;
    const shown = part.slice(0, left);
    left -= shown.length;
    return left === 0 && shown !== '' ? `${shown}…` : shown;
  });
  return kept.join('');
};
