using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Xunit;

namespace Polder.Tests.Expressions.Syntax;

/// <summary>Whatever the text, parsing and analysis end in a tree or in an error of their own.</summary>
public sealed class ParserRobustnessTests(ITestOutputHelper output)
{
    private const int Mutations = 30_000;
    private const string Noise = "()[]'\"`,.:;*-+/%<>=!&|^~ \\\0\uD83Da9é";

    private static readonly DataType Schema = DataType.Struct(
        new StructField("a", DataType.Integer), new StructField("b", DataType.String));

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("NOT ", "true", "")]
    [InlineData("- ", "a", "")]
    [InlineData("~ + ", "a", "")]
    [InlineData("CASE WHEN true THEN ", "1", " END")]
    [InlineData("abs(", "1", ")")]
    [InlineData("substr(", "b", ", 1)")]
    [InlineData("trim(", "b", ")")]
    [InlineData("position(", "b", ", b)")]
    [InlineData("CAST(", "1", " AS INT)")]
    [InlineData("x -> ", "1", "")]
    [InlineData("", "a", "[0]")]
    [InlineData("", "(a)", ".f")]
    [InlineData("", "a", "::int")]
    [InlineData("", "1", " + 1")]
    [InlineData("1 + (", "1", ")")]
    [InlineData("a IN (", "1", ")")]
    [InlineData("1 < ", "1", "")]
    [InlineData("((SELECT ", "1", ") UNION (SELECT 1))")]
    public void Deep_nesting_is_an_error_and_no_stack_overflow(string before, string middle, string after)
    {
        StringBuilder text = new();
        text.Insert(0, before, 20_000).Append(middle).Insert(text.Length, after, 20_000);

        QueryException error = Assert.Throws<QueryException>(
            () => ExpressionAnalyzer.Analyze(text.ToString(), Schema));

        Assert.Contains(
            error.Condition,
            (string[])["FAILED_TO_PARSE_TOO_COMPLEX", "PARSE_SYNTAX_ERROR", QueryException.Unsupported]);
    }

    [Fact]
    public void Deeply_nested_types_are_an_error()
    {
        string type = string.Concat(Enumerable.Repeat("array<", 10_000));

        Assert.Throws<QueryException>(() => TypeParser.ParseType(type + "int"));
    }

    [Theory]
    [InlineData(" OR ")]
    [InlineData(" AND ")]
    public void Thousands_of_conditions_are_no_nesting(string chained)
    {
        string text = string.Join(chained, Enumerable.Range(0, 20_000).Select(number => $"a = {number}"));

        Expression condition = ExpressionAnalyzer.AnalyzeCondition(text, Schema);

        Assert.True(Depth(condition) < 40);
    }

    [Fact]
    public void Nesting_that_people_write_is_accepted()
    {
        string text = string.Concat(Enumerable.Repeat("(", 100)) + "a" + string.Concat(Enumerable.Repeat(" + 1)", 100));

        Assert.Equal(DataType.Integer, ExpressionAnalyzer.Analyze(text, Schema).Type);
    }

    [Fact]
    public void Damaged_texts_end_in_an_error_of_their_own()
    {
        int seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        Random random = new(seed);
        string[] texts = [.. EvaluationCases.Read().Select(test => test.Sql)];
        for (int number = 0; number < Mutations; number++)
        {
            string text = Damage(texts[random.Next(texts.Length)], texts[random.Next(texts.Length)], random);
            try
            {
                Expression expression = ExpressionAnalyzer.Analyze(text, Schema);
                _ = ExpressionText.Format(expression);
                _ = SyntaxText.Format(ExpressionParser.Parse(text), _ => expression);
            }
            catch (QueryException)
            {
                // The only way to fail.
            }
            catch (Exception exception)
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture, $"seed {seed}, number {number}: {text}: {exception}"));
            }
        }
    }

    private static int Depth(Expression expression) =>
        1 + expression.Children.Select(Depth).DefaultIfEmpty().Max();

    private static string Damage(string text, string other, Random random)
    {
        StringBuilder damaged = new(text);
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int position = random.Next(damaged.Length + 1);
            int start = random.Next(other.Length + 1);
            string piece = other[start..int.Min(other.Length, start + random.Next(8))];
            switch (random.Next(4))
            {
                case 0 when damaged.Length > 0:
                    damaged.Remove(int.Min(position, damaged.Length - 1), 1);
                    break;
                case 1:
                    damaged.Insert(position, piece);
                    break;
                case 2:
                    damaged.Insert(position, Noise[random.Next(Noise.Length)]);
                    break;
                default:
                    damaged.Length = position;
                    damaged.Append(piece);
                    break;
            }
        }

        return damaged.ToString();
    }
}
