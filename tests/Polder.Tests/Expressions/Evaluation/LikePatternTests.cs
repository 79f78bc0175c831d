using System;
using System.Text;
using System.Text.RegularExpressions;
using Polder.Expressions.Evaluation.Values;
using Xunit;

namespace Polder.Tests.Expressions.Evaluation;

/// <summary>LIKE against a regular expression over code points.</summary>
public sealed class LikePatternTests
{
    [Fact]
    public void Matches_are_those_of_a_regular_expression()
    {
        Random random = new(4711);
        for (int round = 0; round < 30_000; round++)
        {
            string text = Any(random, ["a", "b", "é", "漢", "x"], 8);
            string pattern = Any(random, ["a", "b", "é", "漢", "%", "_", "%"], 6);
            Assert.True(LikePattern.TryCompile(Encoding.UTF8.GetBytes(pattern), "\\", out LikePattern? compiled));
            string regex = "^" + Regex.Escape(pattern).Replace("%", ".*").Replace("_", ".") + "$";
            bool expected = Regex.IsMatch(text, regex, RegexOptions.Singleline | RegexOptions.CultureInvariant);
            Assert.True(
                expected == compiled.IsMatch(Encoding.UTF8.GetBytes(text)), $"'{text}' LIKE '{pattern}' is {expected}");
        }
    }

    [Theory]
    [InlineData("a%b", "a\\%b", "\\", true)]
    [InlineData("axb", "a\\%b", "\\", false)]
    [InlineData("a_b", "a/_b", "/", true)]
    [InlineData("a/b", "a//b", "/", true)]
    [InlineData("", "%", "\\", true)]
    [InlineData("", "_", "\\", false)]
    [InlineData("😀", "_", "\\", true)]
    public void Escapes_stand_for_themselves(string text, string pattern, string escape, bool expected)
    {
        Assert.True(LikePattern.TryCompile(Encoding.UTF8.GetBytes(pattern), escape, out LikePattern? compiled));
        Assert.Equal(expected, compiled.IsMatch(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Bytes_that_are_no_text_match_one_place_each()
    {
        Assert.True(LikePattern.TryCompile("a_b"u8, "\\", out LikePattern? compiled));
        Assert.True(compiled.IsMatch([(byte)'a', 0xFF, (byte)'b']));
    }

    private static string Any(Random random, string[] alphabet, int longest)
    {
        StringBuilder text = new();
        for (int length = random.Next(longest); length > 0; length--)
        {
            text.Append(alphabet[random.Next(alphabet.Length)]);
        }

        return text.ToString();
    }
}
