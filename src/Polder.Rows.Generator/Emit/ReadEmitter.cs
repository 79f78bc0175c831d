using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator.Emit;

/// <summary>
/// Columns to rows: spans of all columns first, then one loop that makes each row. Nulls where none are allowed are
/// found before the loop, by the bitmap.
/// </summary>
internal sealed class ReadEmitter
{
    private const string Rows = "global::Polder.Columns.Rows.";
    private const string Convert = Rows + "RowConvert.";

    private readonly CodeWriter _code;
    private readonly RowModel _model;
    private readonly List<(string Name, TypeModel Enum)> _enums = [];

    public ReadEmitter(CodeWriter code, RowModel model)
    {
        _code = code;
        _model = model;
    }

    public void Emit()
    {
        string self = _model.ClrName;
        _code.Block(
            $"static void {Rows}IPolderRow<{self}>.Read(" +
            $"{Rows}RowColumn columns, int start, global::System.Span<{self}> rows)",
            () =>
            {
                _code.Line("int end = start + rows.Length;");
                for (int index = 0; index < _model.Members.Count; index++)
                {
                    string number = Number(index);
                    Prepare(_model.Members[index].Type, number, $"columns.Field({number})", "start", "end");
                }

                _code.Line();
                _code.Block("for (int row = start; row < end; row++)", EmitRow);
                for (int index = 0; index < _model.Members.Count; index++)
                {
                    Finish(_model.Members[index].Type, Number(index));
                }

                foreach ((string name, TypeModel type) in _enums)
                {
                    EmitValues(name, type);
                }
            });
    }

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);

    private void Prepare(TypeModel type, string path, string column, string start, string end)
    {
        _code.Line($"{Rows}RowColumn c{path} = {column};");
        _code.Line(type.IsNullable
            ? $"global::Polder.Columns.Validity n{path} = c{path}.Validity();"
            : $"c{path}.RequireValues({start}, {end});");
        switch (type.Kind)
        {
            case ValueKind.List or ValueKind.Map:
                _code.Line($"global::System.ReadOnlySpan<int> o{path} = c{path}.Offsets();");
                string from = $"o{path}[{start}]";
                string to = $"o{path}[{end}]";
                if (type.Kind == ValueKind.Map)
                {
                    Prepare(type.Key!, path + "k", $"c{path}.Key", from, to);
                }

                string part = type.Kind == ValueKind.Map ? "Value" : "Element";
                Prepare(type.Element!, path + "e", $"c{path}.{part}", from, to);
                break;
            case ValueKind.Row:
                _code.Line($"{Rows}RowValues<{type.ClrName}> v{path} = new(c{path}, {start}, {end});");
                break;
            case ValueKind.Bool:
                _code.Line($"{Rows}RowFlags v{path} = c{path}.Flags();");
                break;
            default:
                _code.Line(ColumnTypes.Storage(type) is { } storage
                    ? $"global::System.ReadOnlySpan<{storage}> v{path} = c{path}.Values<{storage}>();"
                    : $"{Rows}RowTexts v{path} = c{path}.Texts();");
                break;
        }

        if (type.Kind == ValueKind.DateTime)
        {
            _code.Line($"global::System.DateTimeKind k{path} = c{path}.TimeKind;");
        }
    }

    private void Finish(TypeModel type, string path)
    {
        if (type.Kind == ValueKind.Row)
        {
            _code.Line($"v{path}.Finish();");
        }
        else if (type.Kind is ValueKind.List or ValueKind.Map)
        {
            Finish(type.Element!, path + "e");
        }
    }

    private void EmitRow()
    {
        string[] values = [.. _model.Members.Select((member, index) => Value(member.Type, Number(index), "row"))];
        string arguments = string.Join(", ", _model.ConstructorMembers.Select(index => values[index]));
        List<string> settings =
        [
            .. _model.Members
                .Select((member, index) => (member, index))
                .Where(item => item.member.IsRequired || !_model.ConstructorMembers.Contains(item.index))
                .Select(item => $"{item.member.Name} = {values[item.index]},"),
        ];
        string made = $"rows[row - start] = new {_model.ClrName}({arguments})";
        if (settings.Count == 0)
        {
            _code.Line(made + ";");
            return;
        }

        _code.Line(made);
        _code.Line("{");
        foreach (string setting in settings)
        {
            _code.Line("    " + setting);
        }

        _code.Line("};");
    }

    // Writes what must be done before and gives the expression of the value.
    private string Value(TypeModel type, string path, string row)
    {
        if (type.Kind is ValueKind.List or ValueKind.Map)
        {
            return type.Kind == ValueKind.List && Whole(type, path, row) is { } whole
                ? OrNull(type, path, row, whole)
                : Collect(type, path, row);
        }

        return OrNull(type, path, row, Present(type, path, row));
    }

    private static string OrNull(TypeModel type, string path, string row, string value)
    {
        // Rows that are null have been read as their default.
        bool isKnown = type is { Kind: ValueKind.Row, IsValueType: false };
        return type.IsNullable && !isKnown ? $"(n{path}.IsNull({row}) ? default({type.ClrName}?) : {value})" : value;
    }

    /// <summary>A list whose elements are copied at once.</summary>
    private static string? Whole(TypeModel type, string path, string row)
    {
        TypeModel element = type.Element!;
        string from = $"o{path}[{row}]";
        string to = $"o{path}[{row} + 1]";
        // An array of rows is one of nullable rows too, a list is not.
        bool isRow = element.Kind == ValueKind.Row &&
            !(element.IsNullable && (element.IsValueType || type.Collection == CollectionKind.List));
        if (!isRow && (element.IsNullable || !ColumnTypes.IsIdentity(element)))
        {
            return null;
        }

        string array = isRow
            ? $"v{path}e.ToArray({from}, {to})"
            : $"v{path}e.Slice({from}, {to} - {from}).ToArray()";
        return type.Collection switch
        {
            CollectionKind.List when isRow => $"v{path}e.ToList({from}, {to})",
            CollectionKind.List =>
                $"{Convert}ToList(v{path}e.Slice({from}, {to} - {from}))",
            _ => Wrap(type, array),
        };
    }

    private string Collect(TypeModel type, string path, string row)
    {
        string name = $"m{path}";
        _code.Line($"{Target(type)}{(type.IsNullable ? "?" : "")} {name} = {(type.IsNullable ? "null" : "default!")};");
        if (type.IsNullable)
        {
            _code.Open($"if (n{path}.IsValid({row}))");
        }
        else
        {
            _code.Open("");
        }

        TypeModel element = type.Element!;
        _code.Line($"int f{path} = o{path}[{row}];");
        _code.Line($"int t{path} = o{path}[{row} + 1];");
        string made = type.Kind == ValueKind.Map
            ? type.Collection == CollectionKind.SortedDictionary
                ? $"global::System.Collections.Generic.SortedDictionary<{type.Key!.Annotated}, {element.Annotated}>"
                : $"global::System.Collections.Generic.Dictionary<{type.Key!.Annotated}, {element.Annotated}>"
            : type.Collection == CollectionKind.List
                ? $"global::System.Collections.Generic.List<{element.Annotated}>"
                : "";
        string capacity = type.Collection == CollectionKind.SortedDictionary ? "" : $"t{path} - f{path}";
        _code.Line(made.Length > 0
            ? $"var a{path} = new {made}({capacity});"
            : $"var a{path} = {Convert}NewArray<{element.Annotated}>(t{path} - f{path});");
        _code.Block($"for (int i{path} = f{path}; i{path} < t{path}; i{path}++)", () =>
        {
            string key = type.Kind == ValueKind.Map ? Value(type.Key!, path + "k", $"i{path}") : "";
            string value = Value(element, path + "e", $"i{path}");
            _code.Line(type.Kind == ValueKind.Map ? $"a{path}[{key}] = {value};"
                : made.Length > 0 ? $"a{path}.Add({value});"
                : $"a{path}[i{path} - f{path}] = {value};");
        });
        _code.Line($"{name} = {Wrap(type, $"a{path}")};");
        _code.Close();
        return name;
    }

    private static string Target(TypeModel type) => type.ClrName;

    private static string Wrap(TypeModel type, string value) => type.Collection switch
    {
        CollectionKind.ImmutableArray =>
            "global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray" +
            $"<{type.Element!.Annotated}>({value})",
        CollectionKind.ImmutableList =>
            $"global::System.Collections.Immutable.ImmutableList.CreateRange<{type.Element!.Annotated}>({value})",
        CollectionKind.HashSet => $"new global::System.Collections.Generic.HashSet<{type.Element!.Annotated}>({value})",
        CollectionKind.ImmutableDictionary =>
            $"global::System.Collections.Immutable.ImmutableDictionary.CreateRange({value})",
        _ => value,
    };

    private string Present(TypeModel type, string path, string row)
    {
        string value = $"v{path}[{row}]";
        string utf8 = $"v{path}.Utf8({row})";
        string column = $"c{path}";
        return type.Kind switch
        {
            ValueKind.Byte => $"{Convert}ToByte({value}, {column})",
            ValueKind.UInt16 => $"{Convert}ToUInt16({value}, {column})",
            ValueKind.UInt32 => $"{Convert}ToUInt32({value}, {column})",
            ValueKind.UInt64 => $"{Convert}ToUInt64({value}, {column})",
            ValueKind.Half => $"{Convert}ToHalf({value}, {column})",
            ValueKind.Decimal => $"{Convert}ToDecimal({value}, {column})",
            ValueKind.DateOnly => $"{Convert}ToDateOnly({value}, {column})",
            ValueKind.DateTimeDate => $"{Convert}ToDateTime({value}, {column})",
            ValueKind.DateTime => $"{Convert}ToDateTime({value}, k{path}, {column})",
            ValueKind.DateTimeInstant =>
                $"{Convert}ToDateTime({value}, global::System.DateTimeKind.Utc, {column})",
            ValueKind.DateTimeOffset => $"{Convert}ToDateTimeOffset({value}, {column})",
            ValueKind.TimeOnly => $"{Convert}ToTimeOnly({value}, {column})",
            ValueKind.TimeSpan => $"{Convert}ToTimeSpan({value}, {column})",
            ValueKind.Char => $"{Convert}ToChar({utf8}, {column})",
            ValueKind.GuidText => $"{Convert}ToGuid({utf8}, {column})",
            ValueKind.GuidBytes => $"{Convert}ToGuidOfBytes({utf8}, {column})",
            ValueKind.ByteArray => $"{utf8}.ToArray()",
            ValueKind.ByteMemory => $"({type.ClrName}){utf8}.ToArray()",
            ValueKind.EnumNumber => $"({type.ClrName}){Present(type.Element!, path, row)}",
            ValueKind.EnumText => $"{ValueOf(type, path)}({utf8}, {column})",
            _ => value,
        };
    }

    private string ValueOf(TypeModel type, string path)
    {
        string function = $"ValueOf_{path}";
        if (_enums.All(known => known.Name != function))
        {
            _enums.Add((function, type));
        }

        return function;
    }

    private void EmitValues(string function, TypeModel type)
    {
        _code.Block(
            $"static {type.ClrName} {function}(global::System.ReadOnlySpan<byte> name, {Rows}RowColumn column)", () =>
            {
                foreach (string name in RowEmitter.Names(type, withAliases: true))
                {
                    _code.Block(
                        $"if (global::System.MemoryExtensions.SequenceEqual(name, \"{name}\"u8))",
                        () => _code.Line($"return {type.ClrName}.@{name};"));
                }

                _code.Line($"throw {Convert}NoValue(name, column);");
            });
    }
}
