using System;
using System.Text.Json;
using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Formats;

/// <summary>Appends JSON values to columns, converting them to the columns' types.</summary>
internal sealed class JsonAppender
{
    private readonly FormatReadOptions _options;
    private readonly JsonTarget _root;
    private readonly VariantWriter _variants = new();
    private byte[] _scratch = new byte[256];

    public JsonAppender(JsonTarget root, FormatReadOptions options)
    {
        _root = root;
        _options = options;
    }

    /// <summary>Appends a row, an object, to the columns of a batch that has that many rows.</summary>
    /// <exception cref="InputFormatException">The row is no JSON object, or does not fit the schema.</exception>
    public void AppendRow(ReadOnlySpan<byte> record, int rowCount, InputPosition position)
    {
        try
        {
            Utf8JsonReader reader = new(record, ReaderOptions(_options));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new InputFormatException(
                    $"a row is a JSON object, this one is {Describe(reader.TokenType)}", _options.Path, position);
            }

            AppendFields(ref reader, _root, rowCount, record, position);
            reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Damaged(exception, _options.Path, position);
        }
    }

    /// <summary>Appends one JSON text to a nested column; false where it is no JSON or does not fit.</summary>
    public static bool TryAppendText(ColumnBuilder column, ReadOnlySpan<byte> text, FormatReadOptions options)
    {
        JsonTarget target = JsonTarget.ForColumn(column);
        try
        {
            Utf8JsonReader reader = new(text, ReaderOptions(options));
            reader.Read();
            new JsonAppender(target, options).AppendValue(ref reader, target, text, default);
            return !reader.Read();
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or InputFormatException)
        {
            return false;
        }
    }

    /// <summary>The options of every reader of JSON rows.</summary>
    public static JsonReaderOptions ReaderOptions(FormatReadOptions options) =>
        new() { MaxDepth = options.Limits.NestingDepth };

    /// <summary>Broken JSON, with the place of the damage.</summary>
    public static InputFormatException Damaged(Exception exception, string? path, InputPosition position)
    {
        if (exception is not JsonException broken)
        {
            // What the JSON reader says to an escape that is half of a surrogate pair.
            return new InputFormatException("a string holds half a surrogate pair", path, position, exception);
        }

        long line = broken.LineNumber ?? 0;
        long byteInLine = (broken.BytePositionInLine ?? 0) + (line == 0 ? position.ByteInLine : 1);
        string detail = exception.Message;
        int end = detail.IndexOf(" LineNumber:", StringComparison.Ordinal);
        detail = "not JSON: " + (end < 0 ? detail : detail[..end].TrimEnd('.'));
        return new InputFormatException(
            detail, path, new InputPosition(position.RowNumber, position.LineNumber + line, byteInLine), exception);
    }

    private void AppendValue(
        ref Utf8JsonReader reader, JsonTarget target, ReadOnlySpan<byte> record, InputPosition position)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            target.Builder!.AppendNull();
            return;
        }

        switch (target.Builder)
        {
            case StructBuilder structs when reader.TokenType == JsonTokenType.StartObject:
                AppendFields(ref reader, target, structs.Length, record, position);
                structs.EndRow();
                break;
            case ListBuilder lists when reader.TokenType == JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    AppendValue(ref reader, target.Children[0], record, position);
                }

                lists.EndRow();
                break;
            case MapBuilder maps when reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject:
                AppendPairs(ref reader, target, record, position);
                maps.EndRow();
                break;
            case VariantBuilder variants:
                _variants.Clear();
                VariantJson.Append(ref reader, _variants);
                variants.Append(_variants.Metadata, _variants.Value);
                break;
            default:
                ReadOnlySpan<byte> text = TextOf(ref reader, target, record);
                bool isNumber = reader.TokenType == JsonTokenType.Number;
                if (!MayHold(target.Type, reader.TokenType) || !TextValue.TryAppend(target.Builder!, text))
                {
                    throw Misfit(target, text, isNumber, position);
                }

                break;
        }
    }

    private void AppendFields(
        ref Utf8JsonReader reader, JsonTarget target, int rowCount, ReadOnlySpan<byte> record, InputPosition position)
    {
        int expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int fieldIndex = FindField(ref reader, target, expected);
            if (fieldIndex < 0)
            {
                PassUnknown(ref reader, target, position);
                continue;
            }

            expected = fieldIndex + 1;
            JsonTarget field = target.Children[fieldIndex];
            if (field.Builder!.Length != rowCount)
            {
                throw new InputFormatException($"the object names {field.Path} twice", _options.Path, position);
            }

            reader.Read();
            AppendValue(ref reader, field, record, position);
        }

        foreach (JsonTarget field in target.Children)
        {
            if (field.Builder!.Length == rowCount)
            {
                field.Builder.AppendNull();
            }
        }
    }

    // A given schema may read numbers out of strings; an inferred one has seen numbers only.
    private bool MayHold(DataType type, JsonTokenType token) => token switch
    {
        JsonTokenType.EndObject or JsonTokenType.EndArray => type.IsText,
        _ when type.IsNested => false,
        JsonTokenType.String => _options.Schema is not null || !(type.IsNumeric || type.Kind == TypeKind.Boolean),
        _ => true,
    };

    // Objects mostly name their fields in the same order.
    private static int FindField(ref Utf8JsonReader reader, JsonTarget target, int expected)
    {
        byte[][] names = target.FieldNames;
        if (expected < names.Length && reader.ValueTextEquals(names[expected]))
        {
            return expected;
        }

        for (int fieldIndex = 0; fieldIndex < names.Length; fieldIndex++)
        {
            if (reader.ValueTextEquals(names[fieldIndex]))
            {
                return fieldIndex;
            }
        }

        return target.Type.IndexOf(reader.GetString()!);
    }

    private void PassUnknown(ref Utf8JsonReader reader, JsonTarget target, InputPosition position)
    {
        string name = reader.GetString()!;
        reader.Read();
        if (_options.UnknownColumns == UnknownColumns.Ignore)
        {
            reader.Skip();
            return;
        }

        InferredType inferred = new();
        inferred.Observe(ref reader);
        DataType mended = target.ReplaceType(SchemaMending.Add(target.Type, name, inferred.ToType()));
        string path = target.Builder is null ? name : $"{target.Path}.{name}";
        throw InputFormatException.UnknownColumn(_options.Path, position, path, mended);
    }

    // A map is an object, or an array of pairs.
    private void AppendPairs(
        ref Utf8JsonReader reader, JsonTarget target, ReadOnlySpan<byte> record, InputPosition position)
    {
        bool isObject = reader.TokenType == JsonTokenType.StartObject;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (!isObject && (reader.TokenType != JsonTokenType.StartArray || !reader.Read()))
            {
                throw Misfit(target, record, false, position);
            }

            AppendValue(ref reader, target.Children[0], record, position);
            reader.Read();
            AppendValue(ref reader, target.Children[1], record, position);
            if (!isObject && (!reader.Read() || reader.TokenType != JsonTokenType.EndArray))
            {
                throw Misfit(target, record, false, position);
            }
        }
    }

    /// <summary>A string unescaped, anything else as it stands; the reader is left at the value's last token.</summary>
    private ReadOnlySpan<byte> TextOf(ref Utf8JsonReader reader, JsonTarget target, ReadOnlySpan<byte> record)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return record[start..(int)reader.BytesConsumed];
            case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped:
                if (_scratch.Length < reader.ValueSpan.Length)
                {
                    _scratch = new byte[reader.ValueSpan.Length];
                }

                return _scratch.AsSpan(0, reader.CopyString(_scratch));
            default:
                return reader.ValueSpan;
        }
    }

    private InputFormatException Misfit(
        JsonTarget target, ReadOnlySpan<byte> text, bool isNumber, InputPosition position)
    {
        DataType widened = isNumber || TextFormsOf.Type(target.Type) >= TextForms.Date
            ? SchemaMending.Widen(target.Type, text)
            : DataType.String;
        return InputFormatException.Misfit(
            _options.Path, position, target.Path, target.Type, text, target.ReplaceType(widened));
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => "no object",
    };
}
