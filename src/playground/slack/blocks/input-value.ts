import { type OptionsAnswer, optionsOf } from './elements.ts';
import type { ModalView } from './view.ts';

/** What a form sends for an input: the text that was typed, or the option that was picked. */
export function inputValue(view: ModalView, blockId: string, actionId: string, value: string) {
  const element = inputElement(view, blockId, actionId);
  if (element?.type === 'static_select')
    return { type: element.type, selected_option: pick(optionsOf(element), value) };
  if (element?.type === 'external_select') {
    return { type: element.type, selected_option: { text: { type: 'plain_text', text: value }, value } };
  }
  return { type: 'plain_text_input', value };
}

function inputElement({ blocks }: ModalView, blockId: string, actionId: string) {
  const block = blocks.find((one) => one.type === 'input' && one.block_id === blockId);
  return block?.type === 'input' && block.element.action_id === actionId ? block.element : undefined;
}

function pick(options: ReturnType<typeof optionsOf>, value: string) {
  const picked = options.find((option) => option.value === value);
  if (picked === undefined) throw new Error(`the menu has no option ${value}`);
  return picked;
}

/** The values of all options that a bot offers, in order. */
export function offeredValues(answer: OptionsAnswer): readonly string[] {
  return optionsOf(answer).map(({ value }) => value);
}
