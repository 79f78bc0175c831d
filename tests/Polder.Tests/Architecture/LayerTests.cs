using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace Polder.Tests.Architecture;

/// <summary>A layer is a namespace; this is the whole list of what may use what.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Bytes"] = [],
        ["Columns"] = ["Bytes"],
        ["Expressions"] = ["Columns", "Bytes"],
        ["Parquet"] = ["Expressions", "Columns", "Bytes"],
        ["Storage"] = ["Bytes"],
        ["Files"] = ["Storage", "Parquet", "Expressions", "Columns", "Bytes"],
        ["Formats"] = ["Storage", "Columns", "Bytes"],
        ["Execution"] = ["Storage", "Expressions", "Columns", "Bytes"],
        ["Delta"] = ["Execution", "Files", "Storage", "Parquet", "Expressions", "Columns", "Bytes"],
        ["Sql"] = ["Delta", "Execution", "Formats", "Storage", "Expressions", "Columns"],
        ["Server"] = ["Sql", "Delta", "Execution", "Formats", "Storage", "Expressions", "Columns", "Bytes"],
        ["Cli"] =
        [
            "Server", "Sql", "Delta", "Execution", "Formats", "Files", "Storage", "Parquet", "Expressions", "Columns",
            "Bytes",
        ],
    };

    // Of Parquet, Delta knows the schema, the statistics and the codec's name, never pages or encodings.
    private static readonly string[] ParquetForDelta = ["Polder.Parquet"];

    private static readonly string[] UnsafeNamespaces =
        ["Polder.Bytes", "Polder.Storage.Local.Native", "Polder.Files.Native", "Polder.Server.Supervisor.Native"];

    private static readonly string[] UnsafeTypes =
    [
        "System.Runtime.CompilerServices.Unsafe",
        "System.Runtime.InteropServices.MemoryMarshal",
        "System.Runtime.InteropServices.NativeLibrary",
        "System.Runtime.InteropServices.NativeMemory",
    ];

    private static readonly string[] ImpureTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.Directory", "System.IO.DirectoryInfo",
        "System.IO.FileStream", "System.IO.RandomAccess", "System.Net.Http.HttpClient", "System.Net.Sockets.Socket",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.TimeProvider",
        "System.Diagnostics.Stopwatch", "System.Threading.Tasks.Task", "System.Threading.Tasks.Parallel",
        "System.Threading.Tasks.ValueTask",
    ];

    [Fact]
    public void Every_layer_uses_only_the_layers_below_it()
    {
        List<string> offences = [];
        foreach (TypeDefinition type in OwnTypes())
        {
            string? layer = LayerOf(type);
            foreach (TypeReference used in References(type))
            {
                string? target = LayerOf(used);
                if (target is null || target == layer)
                {
                    continue;
                }

                bool allowed = layer is not null && Allowed[layer].Contains(target);
                if (allowed && layer == "Delta" && target == "Parquet")
                {
                    allowed = ParquetForDelta.Contains(Outermost(used).Namespace);
                }

                if (!allowed && !(layer is null && target == "Bytes"))
                {
                    offences.Add($"{type.FullName} ({layer ?? "root"}) uses {used.FullName} ({target})");
                }
            }
        }

        Rule.Holds(offences);
    }

    [Fact]
    public void Every_namespace_is_a_known_layer()
    {
        Rule.Holds(OwnTypes()
            .Select(LayerOf)
            .Where(layer => layer is not null && !Allowed.ContainsKey(layer))
            .Select(layer => layer!));
    }

    [Fact]
    public void Unsafe_code_stays_in_its_folders()
    {
        List<string> offences = [];
        foreach (TypeDefinition type in OwnTypes().Where(type => !UnsafeNamespaces.Contains(Outermost(type).Namespace)))
        {
            offences.AddRange(References(type)
                .Where(used => UnsafeTypes.Contains(used.FullName) ||
                    used.FullName.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal) ||
                    used is PointerType)
                .Select(used => $"{type.FullName} uses {used.FullName}"));
            offences.AddRange(type.Methods
                .Where(method => method.IsPInvokeImpl)
                .Select(method => $"{method.FullName} is a native call"));
        }

        Rule.Holds(offences);
    }

    [Fact]
    public void Columnar_is_synchronous_and_does_no_input_or_output()
    {
        IEnumerable<string> offences = OwnTypes()
            .Where(type => type.Module.Assembly.Name.Name == "Polder.Columnar")
            .SelectMany(type => References(type)
                .Where(used => ImpureTypes.Contains(used.FullName.Split('`', '<')[0]))
                .Where(used => !IsTheCoreAsked(type, used))
                .Select(used => $"{type.FullName} uses {used.FullName}"));
        Rule.Holds(offences);
    }

    // A pool asks which core it runs on, to keep cores apart; it starts and stops no thread.
    private static bool IsTheCoreAsked(TypeDefinition type, TypeReference used) =>
        type.FullName == "Polder.Bytes.PooledBufferAllocator" && used.FullName == "System.Threading.Thread" &&
        type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand).OfType<MethodReference>()
            .Where(method => method.DeclaringType.FullName == used.FullName)
            .All(method => method.Name == "GetCurrentProcessorId");

    [Fact]
    public void The_test_sees_an_upward_call()
    {
        // The canary: this very type uses every layer's assembly, so the reader of references must find Cecil in it.
        using AssemblyDefinition tests = AssemblyDefinition.ReadAssembly(typeof(LayerTests).Assembly.Location);
        TypeDefinition self = tests.MainModule.GetType(typeof(LayerTests).FullName);
        Assert.Contains(References(self), used => used.FullName == "Mono.Cecil.TypeDefinition");
    }

    private static IEnumerable<TypeDefinition> OwnTypes() =>
        new[] { "Polder.Columnar.dll", "Polder.dll", "Polder.Sql.dll", "Polder.Server.dll", "Polder.Cli.dll" }
            .Select(name => Path.Combine(AppContext.BaseDirectory, name))
            .SelectMany(path => AssemblyDefinition.ReadAssembly(path).MainModule.GetTypes())
            .Where(type => Outermost(type).Namespace.StartsWith("Polder", StringComparison.Ordinal));

    private static TypeReference Outermost(TypeReference type)
    {
        TypeReference outer = type;
        while (outer.DeclaringType is not null)
        {
            outer = outer.DeclaringType;
        }

        return outer;
    }

    private static string? LayerOf(TypeReference type)
    {
        string[] parts = Outermost(type.GetElementType()).Namespace.Split('.');
        return parts[0] == "Polder" && parts.Length > 1 ? parts[1] : null;
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        IEnumerable<TypeReference> all = type.Interfaces.Select(item => item.InterfaceType)
            .Concat(type.BaseType is null ? [] : [type.BaseType])
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Methods.SelectMany(References));
        return all.SelectMany(Expand);
    }

    private static IEnumerable<TypeReference> References(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            yield return parameter.ParameterType;
        }

        if (!method.HasBody)
        {
            yield break;
        }

        foreach (VariableDefinition local in method.Body.Variables)
        {
            yield return local.VariableType;
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference used:
                    yield return used;
                    break;
                case MemberReference member:
                    yield return member.DeclaringType;
                    break;
            }
        }
    }

    private static IEnumerable<TypeReference> Expand(TypeReference type)
    {
        // Pinning a span for a native call makes a pointer local in generated code; a pointer type counts by itself.
        yield return type;
        if (type is GenericInstanceType generic)
        {
            foreach (TypeReference argument in generic.GenericArguments.SelectMany(Expand))
            {
                yield return argument;
            }
        }

        if (type is TypeSpecification specification)
        {
            yield return specification.GetElementType();
        }
    }
}
