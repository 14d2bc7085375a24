// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has placeholders of its own
import { describe, expect, test } from '@jest/globals';
import { createResolver } from '../../local/intrinsics.ts';
import { StackError } from '../../local/stack-error.ts';
import { resourcesOf, TYPE } from '../../local/template.ts';

const template = {
  Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Role: { Type: 'AWS::IAM::Role' } },
  Parameters: { Stage: { Default: 'prod' } },
};
const physical = new Map([['Queue', { ref: 'http://queue', attributes: { Arn: 'arn:queue' } }]]);
const resolve = createResolver(template, physical);

test.each([
  [{ Ref: 'Queue' }, 'http://queue'],
  [{ Ref: 'Role' }, 'Role'],
  [{ Ref: 'Stage' }, 'prod'],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
  [{ 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-prod'],
  [{ 'Fn::Sub': 'x ${Queue.Arn} ${Stage} ${!kept}' }, 'x arn:queue prod ${kept}'],
  [{ 'Fn::Sub': ['${own}', { own: { Ref: 'Stage' } }] }, 'prod'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
  [{ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
  [{ Condition: { StringLike: {} } }, { Condition: { StringLike: {} } }],
  [{ plain: [1, 'two', null, true] }, { plain: [1, 'two', null, true] }],
])('%j becomes %j', (value, resolved) => {
  expect(resolve(value)).toEqual(resolved);
});

describe('an unresolvable value is named:', () => {
  test.each([
    [{ Ref: 'Nobody' }, /Nobody/],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, /Nobody/],
    [{ 'Fn::ImportValue': 'x' }, /Fn::ImportValue/],
    [{ 'Fn::If': ['Maybe', 1, 2] }, /Fn::If in .*Maybe.*It knows Ref, Fn::GetAtt/],
  ])('%j', (value, name) => {
    expect(() => resolve(value)).toThrow(StackError);
    expect(() => resolve(value)).toThrow(name);
  });
});

test('a resource with a condition is rejected by its name', () => {
  const conditional = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Condition: 'Maybe' } } };
  expect(() => resourcesOf(conditional, TYPE.queue)).toThrow(/Queue has a condition/);
});
