import { Button } from 'react-aria-components';
import { RULE_WHATS, type RuleWhat } from '../../../lambdas/links/rules/vocabulary.ts';
import { Field } from '../fields.tsx';
import { type RuleValues, ruleValues } from './link-values.ts';
import type { SectionProps } from './sections.tsx';

/** `device` is another name for `platform`. The list offers only `platform`. */
const WHATS: Partial<Record<string, string>> & Partial<Record<RuleWhat, string>> = {
  country: 'Country',
  platform: 'Platform',
  rotator: 'Rotator',
  browser: 'Browser',
  language: 'Language',
  bot: 'Bot',
};

const hintOf = (what: string) => (Object.hasOwn(RULE_WHATS, what) ? RULE_WHATS[what as RuleWhat] : undefined);

type RuleProps = {
  number: number;
  rule: RuleValues;
  errors: (field: string) => string[];
  onChange: (rule: RuleValues) => void;
};

function RuleFields({ number, rule, errors, onChange }: RuleProps) {
  const set = (name: keyof RuleValues) => (value: string) => onChange({ ...rule, [name]: value });
  // A rule that uses the other name keeps it.
  const whats = { ...WHATS, [rule.what]: WHATS[rule.what] ?? rule.what };
  return (
    <div className="columns">
      <label className="field">
        Rule {number}
        <select value={rule.what} onChange={({ target }) => set('what')(target.value)}>
          {Object.entries(whats).map(([what, label]) => (
            <option key={what} value={what}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {rule.what === 'rotator' ? (
        <Field
          label="Percentage"
          type="number"
          value={rule.percentage}
          onChange={set('percentage')}
          errors={errors('percentage')}
        />
      ) : (
        <Field
          label="Matches"
          hint={hintOf(rule.what)}
          value={rule.matches}
          onChange={set('matches')}
          errors={errors('matches')}
        />
      )}
      <Field label="Redirect to" type="url" value={rule.url} onChange={set('url')} errors={errors('url')} />
    </div>
  );
}

/** The rules, in the order in which they are checked. */
export function RulesSection({ form }: SectionProps) {
  const { rules } = form.values;
  const set = form.set('rules');
  const move = (index: number, by: -1 | 1) => {
    const moved = [...rules];
    const [rule] = moved.splice(index, 1);
    if (rule) moved.splice(index + by, 0, rule);
    set(moved);
  };
  return (
    <fieldset>
      <legend>Rules</legend>
      <p className="quiet">
        Clickhook checks the rules from top to bottom. The first rule that matches sets the destination.
      </p>
      <ol className="plain">
        {rules.map((rule, index) => (
          <li key={rule.key}>
            <RuleFields
              number={index + 1}
              rule={rule}
              errors={(field) => form.errors(`rules.${index}.${field}`)}
              onChange={(changed) => set(rules.map((one) => (one.key === rule.key ? changed : one)))}
            />
            <div className="bar save">
              <Button
                isDisabled={index === 0}
                onPress={() => move(index, -1)}
                aria-label={`Move rule ${index + 1} up`}
              >
                Up
              </Button>
              <Button
                isDisabled={index === rules.length - 1}
                onPress={() => move(index, 1)}
                aria-label={`Move rule ${index + 1} down`}
              >
                Down
              </Button>
              <Button
                onPress={() => set(rules.filter((one) => one !== rule))}
                aria-label={`Remove rule ${index + 1}`}
              >
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <p>
        <Button onPress={() => set([...rules, ruleValues()])}>Add rule</Button>
      </p>
    </fieldset>
  );
}
