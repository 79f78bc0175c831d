using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Expressions.Analysis;

/// <summary>Which names a misspelt one may have meant (Spark's orderSuggestedIdentifiersBySimilarity).</summary>
internal static class NameSuggestions
{
    /// <summary>The candidates in backticks, nearest first; a qualifier that all share is left out.</summary>
    public static IReadOnlyList<string> Order(
        IReadOnlyList<string> name, IReadOnlyList<IReadOnlyList<string>> candidates)
    {
        int kept = name.Count == 1 && ShareAllButLast(candidates, 1) ? 1
            : name.Count <= 2 && ShareAllButLast(candidates, 2) ? 2
            : int.MaxValue;
        string wanted = string.Join('.', name.Select(QuoteIfNeeded));
        return
        [
            .. candidates
                .Select(parts => AnalysisErrors.Quote(parts.TakeLast(kept)))
                .OrderBy(candidate => Distance(candidate, wanted)),
        ];
    }

    private static bool ShareAllButLast(IReadOnlyList<IReadOnlyList<string>> candidates, int count) =>
        candidates.Select(parts => string.Join('\0', parts.SkipLast(count))).Distinct().Count() == 1;

    /// <summary>A name in backticks, where it is no plain one.</summary>
    public static string QuoteIfNeeded(string part)
    {
        bool plain = part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') &&
            !part.All(char.IsAsciiDigit);
        return plain ? part : AnalysisErrors.Quote([part]);
    }

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        int[] current = new int[right.Length + 1];
        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = int.Min(replaced, int.Min(previous[column], current[column - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
