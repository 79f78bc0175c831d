using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>What the JSON values of one column were so far.</summary>
internal sealed class InferredType
{
    private readonly Dictionary<string, InferredType> _fieldsByName = new(StringComparer.Ordinal);
    private readonly List<string> _fieldNames = [];
    private TextForms _numberForms = TextForms.Any;
    private TextForms _stringForms = TextForms.Any;
    private InferredType? _element;
    private Kinds _seen;

    [Flags]
    private enum Kinds
    {
        None = 0,
        Boolean = 1,
        Number = 2,
        String = 4,
        Object = 8,
        Array = 16,
    }

    /// <summary>The fields of the objects seen, in the order in which they first came.</summary>
    public IEnumerable<(string Name, InferredType Type)> Fields =>
        _fieldNames.Select(name => (name, _fieldsByName[name]));

    /// <summary>Takes in a value; the reader is at its first token and is left at its last.</summary>
    public void Observe(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _seen |= Kinds.Object;
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    InferredType field = Field(reader.GetString()!);
                    reader.Read();
                    field.Observe(ref reader);
                }

                break;
            case JsonTokenType.StartArray:
                _seen |= Kinds.Array;
                _element ??= new InferredType();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    _element.Observe(ref reader);
                }

                break;
            case JsonTokenType.String:
                _seen |= Kinds.String;
                _stringForms &= reader.ValueIsEscaped ? TextForms.None : TextFormsOf.Moment(reader.ValueSpan);
                break;
            case JsonTokenType.Number:
                _seen |= Kinds.Number;
                _numberForms &= TextFormsOf.Text(reader.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _seen |= Kinds.Boolean;
                break;
        }
    }

    /// <summary>The type that holds all values seen: STRING where they are of several kinds, or all null.</summary>
    public DataType ToType()
    {
        switch (_seen)
        {
            case Kinds.Boolean:
                return DataType.Boolean;
            case Kinds.Number:
                DataType number = TextFormsOf.Narrowest(_numberForms);
                return number.IsText ? DataType.Double : number;
            case Kinds.String:
                return TextFormsOf.Narrowest(_stringForms);
            case Kinds.Array:
                return DataType.Array(_element!.ToType());
            case Kinds.Object when _fieldNames.Count > 0:
                return DataType.Struct([.. Fields.Select(field => new StructField(field.Name, field.Type.ToType()))]);
            default:
                return DataType.String;
        }
    }

    private InferredType Field(string name)
    {
        if (!_fieldsByName.TryGetValue(name, out InferredType? field))
        {
            _fieldsByName[name] = field = new InferredType();
            _fieldNames.Add(name);
        }

        return field;
    }
}
