using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Polder.Columns.Variant;

/// <summary>
/// JSON as variants, in the forms that Spark's parse_json chooses: the shortest integer, decimals for numbers without
/// exponent of up to 38 digits, doubles for the rest.
/// </summary>
public static class VariantJson
{
    /// <summary>Appends the first value of a text; what follows is not read: nor does Spark's parse_json.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="writer">Takes the value; after a failure it must be cleared.</param>
    /// <param name="limits">How deep values may nest; null = the defaults.</param>
    /// <exception cref="JsonException">The text is no JSON, nests too deeply, or an object has a key twice.</exception>
    public static void Parse(ReadOnlySpan<byte> json, VariantWriter writer, Limits? limits = null)
    {
        Utf8JsonReader reader = new(
            json,
            new JsonReaderOptions
            {
                MaxDepth = (limits ?? Limits.Default).VariantDepth,
                AllowMultipleValues = true,
            });
        if (!reader.Read())
        {
            throw new JsonException("the text holds no JSON value");
        }

        Append(ref reader, writer);
    }

    /// <summary>Appends the value at the reader's token, and leaves the reader at the value's last token.</summary>
    /// <param name="reader">At the first token of a value.</param>
    /// <param name="writer">Takes the value; after a failure it must be cleared.</param>
    /// <exception cref="JsonException">The text is no JSON, or an object has a key twice.</exception>
    public static void Append(ref Utf8JsonReader reader, VariantWriter writer)
    {
        int depth = reader.CurrentDepth;
        do
        {
            AppendToken(ref reader, writer);
        }
        while ((reader.CurrentDepth > depth ||
            reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
    }

    private static void AppendToken(ref Utf8JsonReader reader, VariantWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.BeginObject();
                break;
            case JsonTokenType.PropertyName:
                AppendText(ref reader, writer, isKey: true);
                break;
            case JsonTokenType.EndObject:
                EndObject(writer);
                break;
            case JsonTokenType.StartArray:
                writer.BeginArray();
                break;
            case JsonTokenType.EndArray:
                writer.EndArray();
                break;
            case JsonTokenType.String:
                AppendText(ref reader, writer, isKey: false);
                break;
            case JsonTokenType.Number:
                AppendNumber(reader.ValueSpan, writer);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                writer.AppendBoolean(reader.TokenType == JsonTokenType.True);
                break;
            default:
                writer.AppendNull();
                break;
        }
    }

    private static void EndObject(VariantWriter writer)
    {
        try
        {
            writer.EndObject();
        }
        catch (ArgumentException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    private static void AppendText(ref Utf8JsonReader reader, VariantWriter writer, bool isKey)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            // Unescaping only shortens.
            byte[] unescaped = new byte[text.Length];
            try
            {
                text = unescaped.AsSpan(0, reader.CopyString(unescaped));
            }
            catch (InvalidOperationException exception)
            {
                throw new JsonException("a string escapes half a surrogate pair", exception);
            }
        }

        if (isKey)
        {
            writer.AppendKey(text);
        }
        else
        {
            writer.AppendUtf8(text);
        }
    }

    private static void AppendNumber(ReadOnlySpan<byte> text, VariantWriter writer)
    {
        if (Utf8Parser.TryParse(text, out long integer, out int consumed) && consumed == text.Length)
        {
            writer.AppendInteger(integer);
        }
        else if (TryParseDecimal(text, out VariantDecimal value))
        {
            writer.AppendDecimal(value);
        }
        else
        {
            writer.AppendDouble(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    private static bool TryParseDecimal(ReadOnlySpan<byte> text, out VariantDecimal value)
    {
        Int128 unscaled = 0;
        int digits = 0, scale = 0;
        bool seenPoint = false;
        value = default;
        foreach (byte character in text)
        {
            if (character is (byte)'e' or (byte)'E')
            {
                return false;
            }

            seenPoint |= character == '.';
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                if (digits == VariantLimits.DecimalDigits)
                {
                    return false;
                }

                unscaled = (unscaled * 10) + (character - '0');
                digits += unscaled == 0 ? 0 : 1;
                scale += seenPoint ? 1 : 0;
            }
        }

        value = new VariantDecimal(text[0] == '-' ? -unscaled : unscaled, scale);
        return scale <= VariantLimits.DecimalDigits;
    }
}
