using System;
using System.Text;

namespace Polder.Expressions.Pruning;

/// <summary>What a LIKE pattern says of the start of a text.</summary>
/// <param name="Text">The characters before the first wildcard, or null where the pattern is malformed.</param>
/// <param name="Whole">Whether the pattern has no wildcard at all.</param>
/// <param name="OnlyPrefix">Whether the pattern is the text and one % or more.</param>
internal readonly record struct LikePrefix(string? Text, bool Whole, bool OnlyPrefix)
{
    public static LikePrefix Of(string pattern, string escape)
    {
        StringBuilder text = new();
        for (int position = 0; position < pattern.Length; position++)
        {
            char current = pattern[position];
            if (escape.Length == 1 && current == escape[0])
            {
                position++;
                if (position >= pattern.Length)
                {
                    return default; // An error at run time.
                }

                text.Append(pattern[position]);
            }
            else if (current is '%' or '_')
            {
                ReadOnlySpan<char> rest = pattern.AsSpan(position);
                return new LikePrefix(text.ToString(), false, rest.Trim('%').IsEmpty);
            }
            else
            {
                text.Append(current);
            }
        }

        return new LikePrefix(text.ToString(), true, false);
    }

    /// <summary>Whether a text between the bounds may match.</summary>
    public bool MayMatch(ValueRange range)
    {
        if (Text is null)
        {
            return true;
        }

        bool startsBelow = range.Minimum is not string minimum || ValueOrder.CompareUtf8(minimum, Text) <= 0 ||
            (!Whole && minimum.StartsWith(Text, StringComparison.Ordinal));
        bool endsAbove = range.Maximum is not string maximum || ValueOrder.CompareUtf8(maximum, Text) >= 0;
        return startsBelow && endsAbove;
    }

    /// <summary>Whether every text between the bounds matches.</summary>
    public bool AlwaysMatches(ValueRange range) =>
        Text is not null && range.Minimum is string minimum && range.Maximum is string maximum &&
        (OnlyPrefix
            ? minimum.StartsWith(Text, StringComparison.Ordinal) && maximum.StartsWith(Text, StringComparison.Ordinal)
            : Whole && minimum == Text && maximum == Text);
}
