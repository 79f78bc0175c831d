using System;
using System.Globalization;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Constants as Spark shows them in messages and column names: strings bare, numbers without suffix.</summary>
internal static class LiteralText
{
    public static string Format(object? value, DataType type) => value switch
    {
        null => "NULL",
        bool boolean => boolean ? "true" : "false",
        string text => text,
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        _ => $"{type.ToString().ToUpperInvariant()} '{string.Format(CultureInfo.InvariantCulture, "{0}", value)}'",
    };
}
