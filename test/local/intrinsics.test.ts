// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has placeholders of its own
import { describe, expect, test } from '@jest/globals';
import { createResolver, existsIn } from '../../local/intrinsics.ts';
import { StackError } from '../../local/stack-error.ts';

const template = {
  Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Role: { Type: 'AWS::IAM::Role' } },
  Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
  Mappings: { Map: { key: { name: 'mapped' } } },
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
  [{ 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
  [{ 'Fn::If': ['No', 'then', 'else'] }, 'else'],
  [{ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
  [{ 'Fn::FindInMap': ['Map', 'key', 'name'] }, 'mapped'],
  [{ 'Fn::Base64': 'a' }, 'YQ=='],
  [{ Condition: { StringLike: {} } }, { Condition: { StringLike: {} } }],
  [{ plain: [1, 'two', null, true] }, { plain: [1, 'two', null, true] }],
])('%j becomes %j', (value, resolved) => {
  expect(resolve(value)).toEqual(resolved);
});

describe('what can not be resolved is named:', () => {
  test.each([
    [{ Ref: 'Nobody' }, /Nobody/],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, /Nobody/],
    [{ 'Fn::ImportValue': 'x' }, /Fn::ImportValue/],
    [{ 'Fn::If': ['Maybe', 1, 2] }, /Maybe/],
  ])('%j', (value, name) => {
    expect(() => resolve(value)).toThrow(StackError);
    expect(() => resolve(value)).toThrow(name);
  });
});

test('a resource exists unless its condition says no', () => {
  expect([undefined, 'Yes', 'No'].map((condition) => existsIn(template, condition))).toEqual([
    true,
    true,
    false,
  ]);
});
